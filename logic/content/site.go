package content

import (
	"context"
	"strings"
	"time"
	_ "time/tzdata" // the zones of the world, also on a machine that has none

	"golang.org/x/text/language"

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
func (s Site) PostAddress(slug string) string {
	return logic.PostAddress(s.PostURL, slug)
}

// Zone returns the site's time zone.
func (s Site) Zone() (*time.Location, error) { return time.LoadLocation(s.TimeZone) }

// SiteChange is what is to be changed of the site; nil leaves a value as it is.
type SiteChange struct {
	Title, Description, URL, PostURL, Language, TimeZone *string
	ShowsViews                                           *bool
}

// Site returns what all frontends say alike.
func (s *Service) Site(ctx context.Context) (Site, error) { return s.store.Site(ctx) }

// UpdateSite changes the site and returns it as it then is. It is for those with SITE_WRITE, a person having given the
// password within the last hour: FORBIDDEN, UNAUTHENTICATED. All faults come together (REQUIRED, TOO_LONG, INVALID; the
// field is the one at fault). The time zone stays once metrics have been counted by its days.
func (s *Service) UpdateSite(ctx context.Context, change SiteChange) (Site, error) {
	if err := changeSite.Check(logic.ViewerFrom(ctx), s.clock()); err != nil {
		return Site{}, err
	}
	now := s.clock()
	var site Site
	err := s.store.Write(ctx, func(w Writer) error {
		before, err := w.Site(ctx)
		if err != nil {
			return err
		}
		site = change.apply(before)
		faults := site.check()
		if site.TimeZone != before.TimeZone {
			counted, err := w.DaysCounted(ctx)
			if err != nil {
				return err
			}
			if counted {
				faults.Add(logic.Invalid("metrics have been counted by days of %s already, so the time zone stays", before.TimeZone), "timeZone")
			}
		}
		if err := faults.Err(); err != nil {
			return err
		}
		if err := w.UpdateSite(ctx, site); err != nil {
			return err
		}
		return w.TouchContent(ctx, now)
	})
	return site, err
}

func (c SiteChange) apply(site Site) Site {
	set(&site.Title, c.Title)
	set(&site.Description, c.Description)
	set(&site.URL, c.URL)
	set(&site.PostURL, c.PostURL)
	set(&site.Language, c.Language)
	set(&site.TimeZone, c.TimeZone)
	set(&site.ShowsViews, c.ShowsViews)
	site.Title, site.Description = strings.TrimSpace(site.Title), strings.TrimSpace(site.Description)
	site.Language = writtenLanguage(site.Language)
	return site
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// Longest texts of a site, in characters.
const (
	maxSiteTitle       = 200
	maxSiteDescription = 1000
)

func (s Site) check() logic.Faults {
	var faults logic.Faults
	faults.Add(logic.CheckText(s.Title, 1, maxSiteTitle), "title")
	faults.Add(logic.CheckText(s.Description, 0, maxSiteDescription), "description")
	faults.Add(logic.CheckAddress(s.URL), "url")
	faults.Add(logic.CheckPostURL(s.PostURL), "postUrl")
	faults.Add(checkLanguage(s.Language), "language")
	if _, err := logic.LoadZone(s.TimeZone); err != nil {
		faults.Add(logic.Invalid("%q is no IANA time zone, as Europe/Berlin", s.TimeZone), "timeZone")
	}
	return faults
}

func checkLanguage(tag string) *logic.Error {
	if _, err := language.Parse(tag); err != nil {
		return logic.Invalid("%q is no language tag, as en or pt-BR", tag)
	}
	return nil
}

// writtenLanguage returns a language tag as BCP 47 writes it: de-AT for de_at. What is no tag stays as it is.
func writtenLanguage(tag string) string {
	if parsed, err := language.Raw.Parse(tag); err == nil {
		return parsed.String()
	}
	return tag
}
