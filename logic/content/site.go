package content

import (
	"strings"
	"time"
	_ "time/tzdata" // the zones of the world, also on a machine that has none

	"headwater/logic"
)

// Site is what all frontends say alike.
type Site struct {
	Title       string
	Description string
	URL         string
	PostURL     string // a template with {slug}
	Language    string
	TimeZone    string // an IANA name
	ShowsViews  bool
}

// NodeID returns the site's identity: there is one site.
func (s Site) NodeID() logic.ID { return logic.ID{Kind: logic.KindSite, Key: 1} }

// PostAddress returns the address of the post with the given slug.
func (s Site) PostAddress(slug string) string { return strings.ReplaceAll(s.PostURL, "{slug}", slug) }

// Zone returns the site's time zone.
func (s Site) Zone() (*time.Location, error) { return time.LoadLocation(s.TimeZone) }
