package graph

import (
	"context"

	"headwater/logic"
	"headwater/logic/account"
)

// SessionJar takes what a browser is to keep of its session, until the transport puts it into a cookie: the resolvers of one
// operation fill it, one after the other.
type SessionJar struct {
	token   string
	cleared bool
}

// Token returns the token of the session that the operation left the browser signed in with; false where it made none, or ended
// it again.
func (j *SessionJar) Token() (token string, set bool) { return j.token, j.token != "" }

// Cleared tells whether the operation left the browser signed out.
func (j *SessionJar) Cleared() bool { return j.cleared }

type sessionJarKey struct{}

// WithSessionJar returns a context whose operation leaves in jar what a browser is to keep.
func WithSessionJar(ctx context.Context, jar *SessionJar) context.Context {
	return context.WithValue(ctx, sessionJarKey{}, jar)
}

// jarOf returns the operation's jar; one that nobody looks into where the transport keeps none.
func jarOf(ctx context.Context) *SessionJar {
	if jar, ok := ctx.Value(sessionJarKey{}).(*SessionJar); ok {
		return jar
	}
	return &SessionJar{}
}

// handOver gives a new session's token to whoever signed in: to a browser through the jar, to all others by returning it.
func handOver(ctx context.Context, grant account.Grant) *string {
	if !logic.ViewerFrom(ctx).Browser {
		return &grant.Token
	}
	*jarOf(ctx) = SessionJar{token: grant.Token}
	return nil
}

// takeBack takes the session away from whoever signed out.
func takeBack(ctx context.Context) {
	if logic.ViewerFrom(ctx).Browser {
		*jarOf(ctx) = SessionJar{cleared: true}
	}
}
