package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/content"
)

// Site returns what all frontends say alike; a new database has a site.
func (r reader) Site(ctx context.Context) (content.Site, error) {
	return selectRow[content.Site](ctx, r, `/* Site */
		SELECT title, description, url, post_url, language, time_zone, shows_views FROM site WHERE id = 1`)
}

// UpdateSite replaces the site.
func (w *writer) UpdateSite(ctx context.Context, site content.Site) error {
	w.change(logic.TheSite)
	_, err := w.exec(ctx, `/* UpdateSite */
		UPDATE site SET title = ?, description = ?, url = ?, post_url = ?, language = ?, time_zone = ?, shows_views = ?
		WHERE id = 1`,
		site.Title, site.Description, site.URL, site.PostURL, site.Language, site.TimeZone, site.ShowsViews)
	return err
}
