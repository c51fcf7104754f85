package content

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"headwater/logic"
)

// onceFor is how long it is known what was made under an idempotency key.
const onceFor = 24 * time.Hour

// Once is what was made under an idempotency key: the digest of what was asked, and the key of the thing.
type Once struct {
	Input  []byte
	Made   int64
	MadeAt logic.Moment
}

// once returns the key of what make makes, within the transaction of w. Where the request has an idempotency key under which its caller made
// something before, it returns that, and true, and makes nothing. What says what is made, and input of what; the same key with others is INVALID.
func (s *Service) once(ctx context.Context, w Writer, what string, input any, make func() (int64, error)) (made int64, again bool, err error) {
	key := logic.IdempotencyKey(ctx)
	if key == "" {
		made, err = make()
		return made, false, err
	}
	encoded, err := json.Marshal(input)
	if err != nil {
		return 0, false, err
	}
	viewer, now := logic.ViewerFrom(ctx), s.clock()
	hash := sha256.Sum256(fmt.Appendf(nil, "%d %d %d %s", viewer.User, viewer.Client, viewer.Key, key))
	asked := sha256.Sum256(append([]byte(what+" "), encoded...))
	if err := w.ForgetOnce(ctx, now.Add(-onceFor)); err != nil {
		return 0, false, err
	}
	before, err := w.Once(ctx, hash[:])
	switch {
	case err == nil && bytes.Equal(before.Input, asked[:]):
		return before.Made, true, nil
	case err == nil:
		return 0, false, logic.Invalid("The Idempotency-Key was sent with another input before: what is to be made anew needs a key of its own.")
	case logic.CodeOf(err) != logic.CodeNotFound:
		return 0, false, err
	}
	if made, err = make(); err != nil {
		return 0, false, err
	}
	return made, false, w.AddOnce(ctx, hash[:], Once{Input: asked[:], Made: made, MadeAt: now})
}
