package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"headwater/logic"
)

// placeOf returns what stands for where a viewer asks from: the network, or the client of a server with a secret key, which asks for many
// people from one address.
func placeOf(viewer logic.Viewer, secret []byte) string {
	if viewer.Secret {
		return keyed(secret, "client", strconv.FormatInt(int64(viewer.Client), 10))
	}
	return keyed(secret, "address", logic.NetworkOf(viewer.Address).String())
}

// keyed returns what stands for texts: the same for the same, and nothing to those who don't hold secret.
func keyed(secret []byte, texts ...string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(strings.Join(texts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// secret returns what logins and networks are hashed with.
func (s *Service) secret(ctx context.Context) ([]byte, error) {
	if known := s.cachedSecret.Load(); known != nil {
		return *known, nil
	}
	secret, err := s.store.Secret(ctx)
	if err == nil {
		s.cachedSecret.Store(&secret)
	}
	return secret, err
}
