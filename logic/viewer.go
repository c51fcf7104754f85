package logic

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/netip"
	"sync/atomic"
)

// Viewer is whoever a request is answered for: a person or nobody, through a client, with or without a key. It is put into the
// context once, where the request comes in. The zero Viewer may do nothing.
type Viewer struct {
	// Address is where the request came from; it is used to tell readers apart within a day, and to bound what one network
	// asks. It is never stored.
	Address netip.Addr
	// UserAgent is what the program that asks says of itself.
	UserAgent string

	// Client is the frontend that asks: the one whose key came, the built-in public one without a key.
	Client ClientID
	// Key is the key that came with the request, zero without one; Secret tells whether it acts without a person.
	Key    APIKeyID
	Secret bool
	// Browser tells whether the client's sessions live in a cookie.
	Browser bool
	// Limit is the most that a request by this client and key may do, whoever is signed in.
	Limit Scopes
	// SessionLimit is the most that the session may do, whichever client it comes through: no more than the one that it began through.
	SessionLimit Scopes

	// User is the person who is signed in, zero for nobody; the rest says how.
	User    UserID
	Role    Role
	Session SessionID
	// ProvedAt is when the person last gave the password.
	ProvedAt Moment

	// Operator tells that it is the command line, on the machine that holds the data.
	Operator bool
}

// Operator returns the viewer that the command line is: it may do everything.
func Operator() Viewer { return Viewer{Limit: AllScopes, Secret: true, Operator: true} }

// CheckOperator returns nil where the command line asks, and FORBIDDEN for everyone else.
func CheckOperator(ctx context.Context) error {
	if !ViewerFrom(ctx).Operator {
		return Fault(CodeForbidden, "This is done on the command line alone.")
	}
	return nil
}

// Scopes returns what the request may do: what the person's role, the key's scopes, the client's ceiling, and the ceiling of the client
// that the session began through all have. A secret key acts without a person.
func (v Viewer) Scopes() Scopes {
	switch {
	case v.User != 0:
		return v.Role.Scopes() & v.Limit & v.SessionLimit
	case v.Secret:
		return v.Limit
	}
	return Anonymous & v.Limit
}

// mightHere tells whether the person could do what scope names, had the session begun through the client that asks.
func (v Viewer) mightHere(scope Scope) bool {
	return v.User != 0 && (v.Role.Scopes() & v.Limit).Has(scope)
}

// May tells whether the request may do what scope names.
func (v Viewer) May(scope Scope) bool { return v.Scopes().Has(scope) }

// IsStaff tells whether the request is of someone who works on the site: a person of staff, or a program with a secret key.
func (v Viewer) IsStaff() bool { return v.Secret || v.User != 0 && v.Role.IsStaff() }

// NodeID returns the viewer's identity: the same for the same person, client and key.
func (v Viewer) NodeID() ID {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %d", v.User, v.Client, v.Key))
	return ID{KindViewer, int64(binary.BigEndian.Uint64(sum[:8]))}
}

type viewerKey struct{}

// WithViewer returns a context in which ViewerFrom finds viewer, until Become changes it.
func WithViewer(ctx context.Context, viewer Viewer) context.Context {
	var held atomic.Pointer[Viewer]
	held.Store(&viewer)
	return context.WithValue(ctx, viewerKey{}, &held)
}

// ViewerFrom returns whoever the request is answered for: one who may do nothing where nobody was put into the context.
func ViewerFrom(ctx context.Context) Viewer {
	if held, ok := ctx.Value(viewerKey{}).(*atomic.Pointer[Viewer]); ok {
		return *held.Load()
	}
	return Viewer{}
}

// Become makes viewer the one whom the rest of the request is answered for: its person has just signed in or out. It does
// nothing where WithViewer put nobody into the context.
func Become(ctx context.Context, viewer Viewer) {
	if held, ok := ctx.Value(viewerKey{}).(*atomic.Pointer[Viewer]); ok {
		held.Store(&viewer)
	}
}
