package main

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/server/sample"
)

// TestSampleThatWasInterrupted ends a filling early, and has the next start complete it.
func TestSampleThatWasInterrupted(t *testing.T) {
	t.Parallel()
	settings := Settings{Data: t.TempDir()}
	house, err := settings.open(t.Context(), slog.New(slog.DiscardHandler), commandNode(), services{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := house.store.Close(); err != nil {
			t.Error(err)
		}
	})
	operator := logic.WithViewer(t.Context(), logic.Operator())
	ctx, interrupt := context.WithCancel(operator)
	calls := 0
	short := metric.New(house.store.Metric(), func() logic.Moment {
		if calls++; calls > 1 {
			interrupt()
		}
		return logic.SystemClock()
	}, house.store.Keys(), metric.Options{})
	if _, err := sample.Fill(ctx, house.content, short, logic.SystemClock); err == nil {
		t.Fatal("the filling came to its end")
	}
	for _, want := range []struct {
		said string
		made bool
	}{{"Completed the sample", true}, {"holds something already", false}} {
		var said strings.Builder
		made, err := fillWithSample(operator, &said, house, settings.Data, "http://localhost:8080")
		if err != nil || !strings.Contains(said.String(), want.said) || (made.Password != "") != want.made {
			t.Errorf("said %q, made %v, %v", said.String(), made, err)
		}
	}
}

// TestSampleHasTheAddressesOfTheServer fills folders whose site is as it was made, and one whose site was said to be elsewhere.
func TestSampleHasTheAddressesOfTheServer(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"": "http://127.0.0.1:8090", "https://pond.example": "https://pond.example"} {
		settings, operator := Settings{Data: t.TempDir()}, logic.WithViewer(t.Context(), logic.Operator())
		err := settings.runOrMake(operator, func(house *house) error {
			if given != "" {
				if _, err := house.content.UpdateSite(operator, content.SiteChange{URL: &given, PostURL: new(given + "/{slug}")}); err != nil {
					return err
				}
			}
			before, err := house.content.Site(operator)
			if err != nil {
				return err
			}
			if _, err := fillWithSample(operator, io.Discard, house, settings.Data, "http://127.0.0.1:8090"); err != nil {
				return err
			}
			site, err := house.content.Site(operator)
			if site.URL != want || given == "" && site.PostURL != want+"/blog/{slug}" || given != "" && site != before {
				t.Errorf("given %q, the site is %+v", given, site)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestSampleLeavesPeopleAlone fills a folder that has an admin already.
func TestSampleLeavesPeopleAlone(t *testing.T) {
	t.Parallel()
	settings, operator := Settings{Data: t.TempDir()}, logic.WithViewer(t.Context(), logic.Operator())
	err := settings.runOrMake(operator, func(house *house) error {
		if _, err := house.account.CreateUser(operator, account.CreateUserInput{Username: "otter", Email: "otter@example.org", Role: logic.RoleAdmin}); err != nil {
			return err
		}
		var said strings.Builder
		made, err := fillWithSample(operator, &said, house, settings.Data, "http://localhost:8080")
		if !strings.Contains(said.String(), "Filled") || made.Password != "" || len(made.Keys) > 0 {
			t.Errorf("said %q, made %v", said.String(), made)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
