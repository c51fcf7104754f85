package httpd

import (
	"net/http"
	"time"
)

// cookieLife is how long a browser keeps the cookie: as long as any does. The server alone knows when a session ends, which
// moves on as it is used.
const cookieLife = 400 * 24 * time.Hour

// sessionCookie is the cookie that holds a browser's session: out of reach of scripts, and never sent along with what another
// site asks beside a link that is followed.
type sessionCookie struct {
	name   string
	secure bool
}

// newSessionCookie returns the cookie of a server. Only over https can a browser be told, by the name, to keep it from every
// other host; the server on one's own machine has no https.
func newSessionCookie(secure bool) sessionCookie {
	if secure {
		return sessionCookie{"__Host-headwater", true}
	}
	return sessionCookie{"headwater", false}
}

// read returns the token that a request brings, and how many cookies of the name it brings. Of several none counts: all but ours
// were planted, from another port of the machine or for a part of the site, and nothing tells which. They are not cleared either:
// that reaches ours alone, and a planted one would count from then on.
func (c sessionCookie) read(r *http.Request) (token string, count int) {
	found := r.CookiesNamed(c.name)
	if len(found) == 1 {
		token = found[0].Value
	}
	return token, len(found)
}

// set has the browser keep token.
func (c sessionCookie) set(header http.Header, token string) {
	c.write(header, &http.Cookie{Value: token, MaxAge: int(cookieLife / time.Second)})
}

// clear has the browser forget the cookie.
func (c sessionCookie) clear(header http.Header) { c.write(header, &http.Cookie{MaxAge: -1}) }

// write puts the cookie in the place of one that was to be set before.
func (c sessionCookie) write(header http.Header, cookie *http.Cookie) {
	cookie.Name, cookie.Path, cookie.Secure, cookie.HttpOnly, cookie.SameSite = c.name, "/", c.secure, true, http.SameSiteLaxMode
	header.Set("Set-Cookie", cookie.String())
}
