package store

import (
	"fmt"
	"testing"
)

func TestTheSiteOfMetricsIsAsItWasCommitted(t *testing.T) {
	dir := t.TempDir()
	one, other := openIn(t, dir), openIn(t, dir)
	for i, shows := range []bool{true, false, true} {
		for _, s := range []*Store{one, other} {
			mustWrite(t, s, func(w *writer) error {
				site, err := w.Site(t.Context())
				site.ShowsViews, site.URL = shows, fmt.Sprintf("https://%d.example", i)
				if err != nil {
					return err
				}
				return w.UpdateSite(t.Context(), site)
			})
			for _, asked := range []*Store{one, other, one} {
				site, err := asked.Metric().MetricSite(t.Context())
				if err != nil || site.ShowsViews != shows || site.URL != fmt.Sprintf("https://%d.example", i) {
					t.Errorf("the site is %v (%v)", site, err)
				}
			}
		}
	}
	before := one.Statements()
	if _, err := one.Metric().MetricSite(t.Context()); err != nil || one.Statements() != before {
		t.Errorf("what is known was read again (%v)", err)
	}
}
