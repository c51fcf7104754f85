package content_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"headwater/logic/content"
)

func TestUpdateSiteChangesWhatIsGiven(t *testing.T) {
	w := newWorld(t)
	want, err := w.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	site, err := w.UpdateSite(t.Context(), content.SiteChange{Title: new(" A site "), Description: new("\n"), ShowsViews: new(false), TimeZone: new("Europe/Berlin")})
	if err != nil {
		t.Fatal(err)
	}
	want.Title, want.Description, want.ShowsViews, want.TimeZone = "A site", "", false, "Europe/Berlin"
	if diff := cmp.Diff(want, site); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if kept, err := w.Site(t.Context()); err != nil || kept != site {
		t.Errorf("kept is %+v, %v", kept, err)
	}
}

func TestUpdateSiteTakesNoControlCharacters(t *testing.T) {
	w := newWorld(t)
	before, err := w.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.UpdateSite(t.Context(), content.SiteChange{Title: new("a\ab"), Description: new("a\x1b[2J"), URL: new("https://example.org/a b\x7f")})
	wantFaults(t, err, "INVALID title", "INVALID description", "INVALID url")
	if after, err := w.Site(t.Context()); err != nil || after != before {
		t.Errorf("a change at fault made the site %+v, %v", after, err)
	}
}
