package account

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"headwater/logic"
)

// hashParameters are those that OWASP's cheat sheet on storing passwords names first of those that take 19 MiB.
var hashParameters = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Where no setting says otherwise, half of the processor's cores hash passwords, mostHashes at most, as what one leaves behind stays in
// memory for a while; and defaultQueue passwords wait for it.
const (
	mostHashes   = 4
	defaultQueue = 64
)

// hasher hashes passwords, a few at a time: each takes 19 MiB and a processor's core for some tens of milliseconds.
type hasher struct {
	slots   chan struct{}
	waiting atomic.Int64
	queue   int64
	nobody  string // the hash of no password, which takes as long to compare as any other
}

func newHasher(hashes, queue int) *hasher {
	if hashes <= 0 {
		hashes = min(max(1, runtime.NumCPU()/2), mostHashes)
	}
	if queue <= 0 {
		queue = defaultQueue
	}
	chance := make([]byte, hashParameters.SaltLength+hashParameters.KeyLength)
	rand.Read(chance) // never fails
	salt, key := chance[:hashParameters.SaltLength], chance[hashParameters.SaltLength:]
	return &hasher{slots: make(chan struct{}, hashes), queue: int64(queue), nobody: fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s",
		hashParameters.Memory, hashParameters.Iterations, hashParameters.Parallelism,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))}
}

// begin waits until there is a place to hash in, which end gives back. OVERLOADED where too many wait.
func (h *hasher) begin(ctx context.Context) error {
	if h.waiting.Add(1) > h.queue+int64(cap(h.slots)) {
		h.waiting.Add(-1)
		return &logic.Error{Code: logic.CodeOverloaded, Message: "Too many passwords are being checked; try again.", RetryAfter: time.Second}
	}
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		h.waiting.Add(-1)
		return ctx.Err()
	}
}

func (h *hasher) end() {
	<-h.slots
	h.waiting.Add(-1)
}

// hash returns the hash of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.begin(ctx); err != nil {
		return "", err
	}
	defer h.end()
	return argon2id.CreateHash(normalPassword(password), &hashParameters)
}

// matches tells whether hash is of password, and whether it was made with other parameters than now. It takes the same time for the
// empty hash, which no password matches.
func (h *hasher) matches(ctx context.Context, password, hash string) (match, outdated bool, err error) {
	if err := h.begin(ctx); err != nil {
		return false, false, err
	}
	defer h.end()
	known := hash != ""
	if !known {
		hash = h.nobody
	}
	match, parameters, err := argon2id.CheckHash(normalPassword(password), hash)
	if err != nil {
		return false, false, err
	}
	return match && known, *parameters != hashParameters, nil
}

// normalPassword returns the same for a password whichever way a keyboard composes its letters.
func normalPassword(password string) string { return norm.NFKC.String(password) }
