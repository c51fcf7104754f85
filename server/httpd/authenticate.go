package httpd

import (
	"context"
	"net/http"
	"net/netip"

	"headwater/logic"
	"headwater/logic/client"
)

// authenticated says who asks, once, for all routes that ask the graph. The credential alone decides: no header that names a
// client or a person is believed.
func (s *Server) authenticated(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		if err := s.authenticate(w, r); err != nil {
			// The reason is told to the pages of every client, since it may be why their own is not known.
			if origin := originHeader(r); s.anyoneAllows(r.Context(), origin) {
				share(w.Header(), origin)
			}
			s.refuse(w, r, err)
			return
		}
		next(w, r)
		// The log names whoever signed in by the request; whoever signed out stays named.
		if user := logic.ViewerFrom(r.Context()).User; user != 0 {
			recordOf(r.Context()).user = user
		}
	}
}

// authenticate puts into the context of a request whoever it is to be answered for and the client that it came through, and lets
// the pages of that client read the answer. It returns UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED, or TIMEOUT where the database does
// not answer.
func (s *Server) authenticate(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := s.withTimeout(r.Context())
	defer cancel()
	address := s.addressOf(r)
	if err := s.options.Clients.AdmitAddress(address); err != nil {
		return err
	}
	given, err := readCredentials(r.Header)
	if err != nil {
		return err
	}
	origin := originHeader(r)
	identity, err := s.options.Clients.Identify(ctx, client.Credentials{
		Key: given.key, Origin: origin, OwnOrigin: s.site.isOwn(origin), SameOrigin: isSameOrigin(r),
	})
	if err != nil {
		return timeout(ctx, err)
	}
	viewer := viewerOf(r, address, identity)
	isKnownPage := s.site.isOwn(origin) || identity.Client.Allows(origin)
	if isKnownPage {
		share(w.Header(), origin)
	}
	if err := s.options.Clients.Admit(identity); err != nil {
		return err
	}
	if given.session != "" {
		err = s.signIn(ctx, &viewer, given.session)
	} else {
		err = s.signInByCookie(ctx, w, r, &viewer, isKnownPage)
	}
	if err != nil {
		return timeout(ctx, err)
	}
	x := exchangeOf(r.Context())
	x.SetViewer(viewer)
	x.asking = &identity.Client
	return nil
}

// viewerOf returns nobody who asks from an address through a client, and has the log say through which.
func viewerOf(r *http.Request, address netip.Addr, identity client.Identity) logic.Viewer {
	kept := recordOf(r.Context())
	kept.client = identity.Client.Name
	viewer := logic.Viewer{
		Address: address, UserAgent: r.UserAgent(),
		Client: identity.Client.ID, Secret: identity.Secret(), Browser: identity.Browser(), Limit: identity.Limit,
	}
	if identity.Key != nil {
		viewer.Key, kept.key = identity.Key.ID, identity.Key.Prefix
	}
	return viewer
}

// errForeignPage refuses a cookie that another site may have made the browser send.
var errForeignPage = logic.Fault(logic.CodeForbidden, "A session's cookie is taken from pages of the server's own origin and of the client's.")

// signInByCookie makes viewer the person whose cookie a request brings, if any. A stale one is taken away. A page that is only
// looked at is shown as to nobody where another site leads to it.
func (s *Server) signInByCookie(ctx context.Context, w http.ResponseWriter, r *http.Request, viewer *logic.Viewer, isKnownPage bool) error {
	token, count := s.cookie.read(r)
	if count == 0 {
		return nil
	}
	if !mayBringCookie(r, isKnownPage) {
		if r.URL.Path == graphqlPath {
			return errForeignPage
		}
		return nil
	}
	if count > 1 {
		return nil
	}
	err := s.signIn(ctx, viewer, token)
	if logic.CodeOf(err) == logic.CodeUnauthenticated {
		s.cookie.clear(w.Header())
		return nil
	}
	return err
}

// signIn makes viewer the person whose session the token belongs to, or returns UNAUTHENTICATED.
func (s *Server) signIn(ctx context.Context, viewer *logic.Viewer, token string) error {
	session, user, err := s.options.Accounts.Authenticate(ctx, token)
	if err != nil {
		return err
	}
	limit, err := s.options.Clients.SessionLimit(ctx, session.ClientID)
	if err != nil {
		return err
	}
	viewer.User, viewer.Role = user.ID, user.Role
	viewer.Session, viewer.SessionLimit, viewer.ProvedAt = session.ID, limit, session.ProvedAt
	recordOf(ctx).user = user.ID
	return nil
}
