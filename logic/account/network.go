package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"headwater/logic"
)

// networkOf returns what a viewer's network is counted as. It is empty for a server with a secret key, which asks for many people from
// one address.
func networkOf(viewer logic.Viewer, secret []byte) string {
	network := logic.NetworkOf(viewer.Address)
	if viewer.Secret || !network.IsValid() {
		return ""
	}
	return keyed(secret, "address", network.String())
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
