package deliver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"
)

// why is the reason why there was no answer, as a sentence that may be shown.
type why string

func (w why) Error() string { return string(w) }

const (
	whyAddress     why = "The address can't be read."
	whyUnreachable why = "The host leads to an address that is not reached: it is not public, or is by https alone."
)

// reason tells why there was no answer, in words that may be shown: what the machine's resolver is called, or an address of its own, is
// nothing that those who type in addresses need to know.
func reason(err error) error {
	var certificate *tls.CertificateVerificationError
	var lookup *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(err, whyUnreachable):
		return whyUnreachable
	case errors.As(err, &certificate):
		return why(fmt.Sprintf("The certificate is not valid: %v.", certificate.Err))
	case errors.As(err, &lookup) && lookup.IsNotFound:
		return why("There is no such host.")
	case errors.As(err, &lookup):
		return why("The host's name could not be looked up.")
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &timeout) && timeout.Timeout():
		return why(fmt.Sprintf("There was no answer within %d seconds.", exchange/time.Second))
	case errors.Is(err, syscall.ECONNREFUSED):
		return why("The connection was refused.")
	}
	return why("The connection failed before there was an answer.")
}
