package client_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/client"
)

func TestWhoMayDoWhat(t *testing.T) {
	stale := admin
	stale.ProvedAt = now - 60*60*1000 - 1
	narrow := logic.Viewer{Secret: true, Limit: logic.ScopesOf(logic.ScopeClientsWrite, logic.ScopePostsRead)}
	const forbidden, unauthenticated = logic.CodeForbidden, logic.CodeUnauthenticated
	for name, test := range map[string]struct {
		viewer              logic.Viewer
		read, change, widen logic.Code // the last where it would give more scopes than POSTS_READ
	}{
		"nobody":               {logic.Viewer{}, forbidden, forbidden, forbidden},
		"a reader":             {logic.Viewer{Limit: logic.AllScopes}, forbidden, forbidden, forbidden},
		"an editor":            {logic.Viewer{User: 3, Role: logic.RoleEditor, Limit: logic.AllScopes, SessionLimit: logic.AllScopes, ProvedAt: now}, forbidden, forbidden, forbidden},
		"an admin":             {admin, "", "", ""},
		"an admin long ago":    {stale, "", unauthenticated, unauthenticated},
		"an admin at a reader": {logic.Viewer{User: 7, Role: logic.RoleAdmin, Limit: logic.Anonymous, SessionLimit: logic.AllScopes, ProvedAt: now}, forbidden, forbidden, forbidden},
		"a key for clients":    {narrow, "", "", forbidden},
		"a key for all":        {logic.Viewer{Secret: true, Limit: logic.AllScopes}, "", "", ""},
		"a key for posts":      {logic.Viewer{Secret: true, Limit: logic.AllScopes &^ logic.ScopesOf(logic.ScopeClientsWrite)}, forbidden, forbidden, forbidden},
		"the command line":     {logic.Operator(), "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			ctx := as(t, test.viewer)
			few, all := []logic.Scope{logic.ScopePostsRead}, logic.AllScopes.List()
			made := w.mustCreate(t, newClient("script", client.KindCLI))
			wide, _ := w.mustKey(t, "script", client.KeySecret)
			small, _, err := w.CreateAPIKey(operator(t), client.CreateAPIKeyInput{Client: "script", Label: "Small", Kind: client.KeySecret, Scopes: few})
			if err != nil {
				t.Fatal(err)
			}

			_, err = w.Clients(ctx)
			wantCode(t, "clients", err, test.read)
			_, err = w.Client(ctx, "script")
			wantCode(t, "client", err, test.read)
			_, err = w.Client(ctx, "nobody")
			if test.read != "" {
				wantCode(t, "a client that is not there", err, test.read)
			}
			_, err = w.KeysOfClients(ctx, []logic.ClientID{made.ID})
			wantCode(t, "keys of clients", err, test.read)
			keys, err := w.APIKeysByID(ctx, []logic.APIKeyID{wide.ID})
			if err != nil || (len(keys) == 1) != (test.read == "") {
				t.Errorf("keys by ID: %v, %v", keys, err)
			}
			known, err := w.KnownClientsByID(ctx, []logic.ClientID{made.ID})
			if err != nil || (len(known) == 1) != (test.read == "") {
				t.Errorf("clients by ID: %v, %v", known, err)
			}
			if client.CanSeeSettings(test.viewer) != (test.read == "") {
				t.Error("settings are seen by others")
			}

			create := func(scopes []logic.Scope, name string) error {
				input := newClient(name, client.KindCLI)
				input.ScopeCeiling = scopes
				_, err := w.CreateClient(ctx, input)
				return err
			}
			update := func(name string, input client.UpdateClientInput) error {
				_, err := w.UpdateClient(ctx, name, input)
				return err
			}
			key := func(scopes []logic.Scope) error {
				_, _, err := w.CreateAPIKey(ctx, client.CreateAPIKeyInput{Client: "script", Label: "Key", Kind: client.KeySecret, Scopes: scopes})
				return err
			}
			rotate := func(id logic.APIKeyID) error {
				_, _, err := w.RotateAPIKey(ctx, id, 60)
				return err
			}
			wantCode(t, "createClient", create(few, "few"), test.change)
			wantCode(t, "createClient with more", create(all, "all"), test.widen)
			weak := newClient("weak", client.KindCLI)
			weak.ScopeCeiling = few
			w.mustCreate(t, weak)
			wantCode(t, "updateClient", update("weak", client.UpdateClientInput{RequestsPerMinute: new(60)}), test.change)
			wantCode(t, "updateClient with more", update("weak", client.UpdateClientInput{ScopeCeiling: all}), test.widen)
			for what, input := range map[string]client.UpdateClientInput{
				"the description": {Description: new("Mine.")}, "postUrl": {PostURL: logic.TextChange{Given: true, Value: new("https://evil.example/{slug}")}},
				"allowedOrigins": {AllowedOrigins: []string{"https://evil.example"}}, "less": {ScopeCeiling: few}, "requestsPerMinute": {RequestsPerMinute: new(60)},
			} {
				wantCode(t, "updateClient of one that may do more: "+what, update("script", input), test.widen)
				if _, err := w.UpdateClient(operator(t), "script", client.UpdateClientInput{ScopeCeiling: all}); err != nil {
					t.Fatal(err)
				}
			}
			wantCode(t, "createApiKey", key(few), test.change)
			wantCode(t, "createApiKey with more", key(all), test.widen)
			wantCode(t, "rotateApiKey", rotate(small.ID), test.change)
			wantCode(t, "rotateApiKey with more", rotate(wide.ID), test.widen)
			if test.change != "" {
				wantCode(t, "rotateApiKey of none", rotate(999), test.change)
			}
			_, err = w.RevokeAPIKey(ctx, wide.ID)
			wantCode(t, "revokeApiKey", err, test.change)
			_, err = w.DeleteClient(ctx, "script")
			wantCode(t, "deleteClient of one that may do more", err, test.widen)
			_, err = w.DeleteClient(ctx, "weak")
			wantCode(t, "deleteClient", err, test.change)
		})
	}
}

// TestAClosedClientIsHeldByAllScopes closes clients, which may be opened again with whatever ceiling: a key that may change clients alone
// must not plant anything in them meanwhile.
func TestAClosedClientIsHeldByAllScopes(t *testing.T) {
	w := newWorld(t)
	ctx := as(t, logic.Viewer{Secret: true, Limit: logic.AllScopes &^ logic.ScopesOf(logic.ScopeSiteWrite)})
	w.mustCreate(t, newClient("studio", client.KindStudio))
	for _, name := range []string{"studio", client.PublicName} {
		if _, err := w.UpdateClient(operator(t), name, client.UpdateClientInput{ScopeCeiling: []logic.Scope{}}); err != nil {
			t.Fatal(err)
		}
		_, err := w.UpdateClient(ctx, name, client.UpdateClientInput{AllowedOrigins: []string{"https://evil.example"}})
		wantCode(t, "updateClient of "+name, err, logic.CodeForbidden)
		if _, err := w.UpdateClient(operator(t), name, client.UpdateClientInput{ScopeCeiling: []logic.Scope{logic.ScopePostsRead}}); err != nil {
			t.Errorf("opening %s again: %v", name, err)
		}
	}
}

// TestAClientIsHeldByItsKeys narrows a client whose keys may do more once its ceiling is what it was.
func TestAClientIsHeldByItsKeys(t *testing.T) {
	w := newWorld(t)
	ctx := as(t, logic.Viewer{Secret: true, Limit: logic.ScopesOf(logic.ScopeClientsWrite)})
	w.mustCreate(t, newClient("studio", client.KindStudio))
	first, _ := w.mustKey(t, "studio", client.KeyPublishable)
	second, _ := w.mustKey(t, "studio", client.KeySecret)
	if _, err := w.UpdateClient(operator(t), "studio", client.UpdateClientInput{ScopeCeiling: []logic.Scope{logic.ScopeClientsWrite}}); err != nil {
		t.Fatal(err)
	}
	planted := client.UpdateClientInput{AllowedOrigins: []string{"https://evil.example"}}
	want := func(code logic.Code) {
		t.Helper()
		_, err := w.UpdateClient(ctx, "studio", planted)
		wantCode(t, "updateClient", err, code)
		_, err = w.DeleteClient(ctx, "studio")
		wantCode(t, "deleteClient", err, code)
	}
	want(logic.CodeForbidden)
	if _, err := w.RevokeAPIKey(ctx, first.ID); err != nil {
		t.Fatal(err)
	}
	want(logic.CodeForbidden)
	third, _, err := w.RotateAPIKey(operator(t), second.ID, 60)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.RevokeAPIKey(ctx, third.ID); err != nil {
		t.Fatal(err)
	}
	want(logic.CodeForbidden) // the second key works on
	w.pass(time.Minute)
	want("")
}

func TestOneMayKnowTheClientOneAsksThrough(t *testing.T) {
	w := newWorld(t)
	own, other := w.mustCreate(t, newClient("own", client.KindWeb)), w.mustCreate(t, newClient("other", client.KindWeb))
	ids := []logic.ClientID{own.ID, other.ID, 999}
	known, err := w.KnownClientsByID(as(t, logic.Viewer{Client: own.ID}), ids)
	if err != nil || !slices.Equal(slices.Collect(maps.Keys(known)), []logic.ClientID{own.ID}) {
		t.Errorf("known are %v, %v", known, err)
	}
	given, err := w.ClientsByID(as(t, logic.Viewer{}), ids)
	if err != nil || len(given) != 2 || given[other.ID].Name != "other" {
		t.Errorf("given are %v, %v", given, err)
	}
}

func TestAPersonProvesWithinTheHour(t *testing.T) {
	w := newWorld(t)
	w.pass(time.Hour)
	var ctx context.Context = as(t, admin)
	if _, err := w.CreateClient(ctx, newClient("in-time", client.KindCLI)); err != nil {
		t.Errorf("after an hour: %v", err)
	}
	w.pass(time.Millisecond)
	_, err := w.CreateClient(ctx, newClient("too-late", client.KindCLI))
	wantCode(t, "a moment later", err, logic.CodeUnauthenticated)
}

func TestRulesNeedClientsWrite(t *testing.T) {
	for place, rule := range client.Rules() {
		if rule.Text == "" || rule.Allows(logic.Viewer{}) != (rule == logic.Given) {
			t.Errorf("the rule of %s is %+v", place, rule)
		}
		if rule != logic.Given && rule.Scope != logic.ScopeClientsWrite {
			t.Errorf("the rule of %s needs %s", place, rule.Scope)
		}
	}
}

// TestRulesTellWhoeverGivesWhatItTakes holds what is stated to what TestWhoMayDoWhat finds checked.
func TestRulesTellWhoeverGivesWhatItTakes(t *testing.T) {
	rules := client.Rules()
	for place, gives := range map[string]bool{
		"Mutation.createClient": true, "Mutation.updateClient": true, "Mutation.createApiKey": true, "Mutation.rotateApiKey": true,
		"CreateClientInput.name": true, "UpdateClientInput.postUrl": true, "CreateApiKeyInput.scopes": true, "Mutation.rotateApiKey(id)": true,
		"Mutation.deleteClient": true, "Mutation.deleteClient(name)": true, "Mutation.revokeApiKey": false,
	} {
		if text := rules[place].Text; strings.Contains(text, "who may do themselves all") != gives {
			t.Errorf("%s is for %s", place, text)
		}
	}
}
