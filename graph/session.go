package graph

import (
	"context"

	"headwater/logic"
	"headwater/logic/account"
)

// SessionJar takes the token of the session that an operation began for a browser, until the transport puts it into a cookie. What
// the operation did afterwards may have ended that session: the viewer then has none.
type SessionJar struct{ Token string }

type sessionJarKey struct{}

// WithSessionJar returns a context whose operation leaves a browser's new session in jar.
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
	jarOf(ctx).Token = grant.Token
	return nil
}
