package content_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/content"
)

func TestUpdateSiteChangesWhatIsGiven(t *testing.T) {
	w := newWorld(t)
	want, err := w.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	site, err := w.UpdateSite(operator(t), content.SiteChange{Title: new(" A site "), Description: new("\n"), ShowsViews: new(false), TimeZone: new("Europe/Berlin")})
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

func TestUpdateSiteIsForThoseWhoMayAndWhoAreFresh(t *testing.T) {
	w := newWorld(t)
	person := logic.Viewer{Limit: logic.AllScopes, SessionLimit: logic.AllScopes, User: 1, Role: logic.RoleAdmin, ProvedAt: now}
	for name, test := range map[string]struct {
		change func(*logic.Viewer)
		want   logic.Code
	}{
		"an admin":                   {func(*logic.Viewer) {}, ""},
		"an admin an hour later":     {func(v *logic.Viewer) { v.ProvedAt = now.Add(-logic.FreshFor) }, ""},
		"an admin after that":        {func(v *logic.Viewer) { v.ProvedAt = now.Add(-logic.FreshFor) - 1 }, logic.CodeUnauthenticated},
		"an admin by a reader's key": {func(v *logic.Viewer) { v.Limit = logic.Anonymous }, logic.CodeForbidden},
		"an editor":                  {func(v *logic.Viewer) { v.Role = logic.RoleEditor }, logic.CodeForbidden},
		"nobody":                     {func(v *logic.Viewer) { *v = logic.Viewer{Limit: logic.AllScopes} }, logic.CodeForbidden},
		"the zero viewer":            {func(v *logic.Viewer) { *v = logic.Viewer{} }, logic.CodeForbidden},
		"a key for the site":         {func(v *logic.Viewer) { *v = logic.Viewer{Limit: logic.ScopesOf(logic.ScopeSiteWrite), Secret: true} }, ""},
		"a key for everything else": {func(v *logic.Viewer) {
			*v = logic.Viewer{Limit: logic.AllScopes &^ logic.ScopesOf(logic.ScopeSiteWrite), Secret: true}
		}, logic.CodeForbidden},
		"a key that is not a secret":  {func(v *logic.Viewer) { *v = logic.Viewer{Limit: logic.ScopesOf(logic.ScopeSiteWrite)} }, logic.CodeForbidden},
		"the machine's own operators": {func(v *logic.Viewer) { *v = logic.Operator() }, ""},
	} {
		viewer := person
		test.change(&viewer)
		before, err := w.Site(reader(t))
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.UpdateSite(as(t, viewer), content.SiteChange{Title: &name})
		after, readErr := w.Site(reader(t))
		if err == nil && test.want != "" || err != nil && logic.CodeOf(err) != test.want || readErr != nil {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		if changed := after != before; changed != (test.want == "") || changed && after.Title != name {
			t.Errorf("%s: the site became %+v", name, after)
		}
	}
}

func TestUpdateSiteTakesNoControlCharacters(t *testing.T) {
	w := newWorld(t)
	before, err := w.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.UpdateSite(operator(t), content.SiteChange{Title: new("a\ab"), Description: new("a\x1b[2J"), URL: new("https://example.org/a b\x7f")})
	wantFaults(t, err, "INVALID title", "INVALID description", "INVALID url")
	if after, err := w.Site(t.Context()); err != nil || after != before {
		t.Errorf("a change at fault made the site %+v, %v", after, err)
	}
}
