package deliver

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"time"
)

// IsPublic is what is asked of each address.
var IsPublic = isPublic

// Trust has the sender trust what a pool of certificates vouches for.
func (s *Sender) Trust(roots *x509.CertPool) {
	s.secure.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: roots}
}

// Wait has the sender wait for an answer as long as given.
func (s *Sender) Wait(long time.Duration) { s.secure.Timeout, s.plain.Timeout = long, long }
