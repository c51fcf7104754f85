package client

import (
	"slices"

	"headwater/logic"
)

// PublicName is the name of the built-in client that requests without a key belong to. It is never deleted; an empty ceiling
// closes it.
const PublicName = "public"

// Client is a frontend: the web reader, a phone app, the studio, a script. Its name, kind, description and address of posts are
// open to whoever was given it; for the rest see CanSeeSettings.
type Client struct {
	ID                logic.ClientID
	Name              string // of a-z, 0-9 and hyphens; it never changes
	Kind              Kind
	Description       string
	PostURL           *string      // a template with {slug}; nil for the site's
	AllowedOrigins    []string     // of browsers, as scheme://host or scheme://host:port
	ScopeCeiling      logic.Scopes // the most that a request by the client may do; where it is empty, the client is closed
	RequestsPerMinute int
	CreatedAt         logic.Moment
}

// NodeID returns the client's identity across all types.
func (c Client) NodeID() logic.ID { return c.ID.ID() }

// PostAddress returns where the client shows the post with the given slug: by its own template, else by the site's.
func (c Client) PostAddress(site, slug string) string {
	if c.PostURL != nil {
		return logic.PostAddress(*c.PostURL, slug)
	}
	return logic.PostAddress(site, slug)
}

// Kind says where a client runs.
type Kind string

// The kinds of clients.
const (
	KindWeb    Kind = "WEB"
	KindMobile Kind = "MOBILE"
	KindStudio Kind = "STUDIO"
	KindServer Kind = "SERVER"
	KindCLI    Kind = "CLI"
)

var kinds = []Kind{KindWeb, KindMobile, KindStudio, KindServer, KindCLI}

// IsKind tells whether there is such a kind.
func (k Kind) IsKind() bool { return slices.Contains(kinds, k) }

// keepsSecrets tells whether clients of the kind can hold a secret key: what is shipped to readers can't.
func (k Kind) keepsSecrets() bool { return k == KindServer || k == KindCLI || k == KindStudio }

// IsBrowser tells whether clients of the kind run in a browser, and so keep sessions in a cookie.
func (k Kind) IsBrowser() bool { return k == KindWeb || k == KindStudio }
