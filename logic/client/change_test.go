package client_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
	"headwater/logic/client"
)

func TestClientsComeAndGo(t *testing.T) {
	w := newWorld(t)
	ctx := operator(t)
	input := newClient("reader", client.KindWeb)
	input.Description, input.PostURL = " What readers see. ", new("https://example.org/{slug}")
	input.AllowedOrigins = []string{"HTTPS://Example.org:443", "https://example.org", "http://[::1]:80", "http://localhost:5173", "https://example.org:65535"}
	input.ScopeCeiling = []logic.Scope{logic.ScopeMetricsWrite, logic.ScopePostsRead, logic.ScopePostsRead}
	made := w.mustCreate(t, input)
	want := client.Client{
		ID: made.ID, Name: "reader", Kind: client.KindWeb, Description: "What readers see.", PostURL: new("https://example.org/{slug}"),
		AllowedOrigins: []string{"https://example.org", "http://[::1]", "http://localhost:5173", "https://example.org:65535"}, ScopeCeiling: logic.Anonymous,
		RequestsPerMinute: 6000, CreatedAt: now,
	}
	if diff := cmp.Diff(want, made); diff != "" || made.ID == 0 {
		t.Error(diff)
	}
	read, err := w.Client(ctx, "reader")
	if diff := cmp.Diff(want, read); err != nil || diff != "" {
		t.Error(err, diff)
	}

	want.Description, want.PostURL, want.RequestsPerMinute = "Newer.", nil, 5
	changed, err := w.UpdateClient(ctx, "reader", client.UpdateClientInput{
		Description: new("Newer."), PostURL: logic.TextChange{Given: true}, RequestsPerMinute: new(5),
	})
	if diff := cmp.Diff(want, changed); err != nil || diff != "" {
		t.Error(err, diff)
	}
	want.AllowedOrigins, want.ScopeCeiling = []string{}, logic.ScopesOf(logic.ScopePostsRead)
	changed, err = w.UpdateClient(ctx, "reader", client.UpdateClientInput{
		AllowedOrigins: []string{}, ScopeCeiling: []logic.Scope{logic.ScopePostsRead},
	})
	if diff := cmp.Diff(want, changed); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if changed, err = w.UpdateClient(ctx, "reader", client.UpdateClientInput{}); err != nil || !cmp.Equal(want, changed) {
		t.Errorf("nothing was asked: %+v, %v", changed, err)
	}
	list, err := w.Clients(ctx)
	if err != nil || len(list) != 2 || list[0].Name != client.PublicName || !cmp.Equal(list[1], want) {
		t.Errorf("the clients are %+v, %v", list, err)
	}

	if id, err := w.DeleteClient(ctx, "reader"); err != nil || id != made.ID {
		t.Errorf("deleted %d, %v; want %d", id, err, made.ID)
	}
	_, err = w.Client(ctx, "reader")
	wantFaults(t, "after it was deleted", err, "NOT_FOUND")
	_, err = w.DeleteClient(ctx, "reader")
	wantFaults(t, "deleted twice", err, "NOT_FOUND")
	_, err = w.UpdateClient(ctx, "reader", client.UpdateClientInput{})
	wantFaults(t, "changed after it was deleted", err, "NOT_FOUND")
	_, err = w.DeleteClient(ctx, client.PublicName)
	wantFaults(t, "the built-in one", err, "INVALID name")
}

func TestFaultsOfClients(t *testing.T) {
	w := newWorld(t)
	ctx := operator(t)
	for name, test := range map[string]struct {
		change func(*client.CreateClientInput)
		want   []string
	}{
		"all at once": {func(in *client.CreateClientInput) {
			*in = client.CreateClientInput{
				Name: "A", Kind: "WEBB", Description: strings.Repeat("ä", 1001), PostURL: new("https://example.org/"),
				AllowedOrigins: []string{"https://example.org", "*"}, ScopeCeiling: []logic.Scope{logic.ScopePostsRead, "ALL"},
			}
		}, []string{
			"INVALID name", "INVALID kind", "TOO_LONG description", "INVALID postUrl", "INVALID allowedOrigins.1",
			"INVALID requestsPerMinute", "INVALID scopeCeiling.1",
		}},
		"a name that is taken":   {func(in *client.CreateClientInput) { in.Name = client.PublicName }, []string{"TAKEN name"}},
		"no name":                {func(in *client.CreateClientInput) { in.Name = "" }, []string{"INVALID name"}},
		"a long name":            {func(in *client.CreateClientInput) { in.Name = strings.Repeat("a", 41) }, []string{"INVALID name"}},
		"a line in a name":       {func(in *client.CreateClientInput) { in.Name = "abc\n" }, []string{"INVALID name"}},
		"the longest name":       {func(in *client.CreateClientInput) { in.Name = strings.Repeat("-", 40) }, nil},
		"the longest text":       {func(in *client.CreateClientInput) { in.Name, in.Description = "long", strings.Repeat("ä", 1000) }, nil},
		"a text that acts":       {func(in *client.CreateClientInput) { in.Description = "\x1b[2J" }, []string{"INVALID description"}},
		"an address that acts":   {func(in *client.CreateClientInput) { in.PostURL = new("javascript:{slug}") }, []string{"INVALID postUrl"}},
		"an address without":     {func(in *client.CreateClientInput) { in.PostURL = new("") }, []string{"INVALID postUrl"}},
		"no request":             {func(in *client.CreateClientInput) { in.RequestsPerMinute = 0 }, []string{"INVALID requestsPerMinute"}},
		"too many requests":      {func(in *client.CreateClientInput) { in.RequestsPerMinute = 1_000_001 }, []string{"INVALID requestsPerMinute"}},
		"the most requests":      {func(in *client.CreateClientInput) { in.Name, in.RequestsPerMinute = "most", 1_000_000 }, nil},
		"too many origins":       {func(in *client.CreateClientInput) { in.AllowedOrigins = make([]string, 51) }, []string{"TOO_LONG allowedOrigins"}},
		"no origins, no ceiling": {func(in *client.CreateClientInput) { in.Name, in.AllowedOrigins, in.ScopeCeiling = "bare", nil, nil }, nil},
	} {
		input := newClient("reader", client.KindWeb)
		test.change(&input)
		_, err := w.CreateClient(ctx, input)
		wantFaults(t, name, err, test.want...)
	}
	w.mustCreate(t, newClient("studio", client.KindStudio))
	_, err := w.UpdateClient(ctx, "studio", client.UpdateClientInput{
		Description: new(strings.Repeat("a", 1001)), PostURL: logic.TextChange{Given: true, Value: new("/{slug}")}, AllowedOrigins: []string{"x"},
		ScopeCeiling: []logic.Scope{"x"}, RequestsPerMinute: new(-1),
	})
	wantFaults(t, "all of a change", err, "TOO_LONG description", "INVALID postUrl", "INVALID allowedOrigins.0", "INVALID requestsPerMinute",
		"INVALID scopeCeiling.0")
	if read, err := w.Client(ctx, "studio"); err != nil || read.Description != "A test." || read.ScopeCeiling != logic.AllScopes {
		t.Errorf("a refused change left %+v, %v", read, err)
	}
}

func TestOriginsThatAreNone(t *testing.T) {
	w := newWorld(t)
	var origins, want []string
	for i, origin := range []string{
		"*", "https://*.example.org", "null", "example.org", "https://", "https://example.org/", "https://example.org/path", "https://example.org?",
		"https://example.org#", "https://me@example.org", "https://example.org:", "https://example.org:0", "https://example.org:123456",
		"https://exämple.org", "https://example.org https://example.com", "javascript:alert(1)", "https://[::1", "", "https://.org",
		"https://" + strings.Repeat("a", 300) + ".org", "ftp://example.org", "ws://example.org", "https://example.org:65536", "https://example.org\n",
	} {
		origins = append(origins, origin)
		want = append(want, fmt.Sprintf("INVALID allowedOrigins.%d", i))
	}
	want, origins = want[:len(want)-1], append(origins[:len(origins)-1], " https://example.org ") // blanks around are no fault
	input := newClient("reader", client.KindWeb)
	input.AllowedOrigins = origins
	_, err := w.CreateClient(operator(t), input)
	wantFaults(t, "origins", err, want...)
}

func TestOriginsOfPagesAndApps(t *testing.T) {
	w := newWorld(t)
	input := newClient("app", client.KindMobile)
	input.AllowedOrigins = []string{"HTTPS://App.example.org:443", "http://localhost:5173", "http://[::1]:8080", "capacitor://localhost", "ionic://localhost", "tauri://localhost"}
	made := w.mustCreate(t, input)
	want := []string{"https://app.example.org", "http://localhost:5173", "http://[::1]:8080", "capacitor://localhost", "ionic://localhost", "tauri://localhost"}
	if !slices.Equal(made.AllowedOrigins, want) {
		t.Errorf("the origins are %q, want %q", made.AllowedOrigins, want)
	}
}

func TestThereAreAtMostAHundredClients(t *testing.T) {
	w := newWorld(t)
	for i := range 99 { // beside the built-in one
		w.mustCreate(t, newClient(fmt.Sprintf("client-%d", i), client.KindCLI))
	}
	_, err := w.CreateClient(operator(t), newClient("one-more", client.KindCLI))
	wantFaults(t, "one more", err, "INVALID")
	if _, err := w.DeleteClient(operator(t), "client-3"); err != nil {
		t.Fatal(err)
	}
	w.mustCreate(t, newClient("one-more", client.KindCLI))
}

func TestFaultsOfKeys(t *testing.T) {
	w := newWorld(t)
	for _, kind := range []client.Kind{client.KindWeb, client.KindMobile, client.KindStudio, client.KindServer, client.KindCLI} {
		w.mustCreate(t, newClient(strings.ToLower(string(kind)), kind))
	}
	secret := client.CreateAPIKeyInput{Client: "cli", Label: "Key", Kind: client.KeySecret, Scopes: []logic.Scope{logic.ScopePostsRead}}
	for name, test := range map[string]struct {
		change func(*client.CreateAPIKeyInput)
		want   []string
	}{
		"all at once": {func(in *client.CreateAPIKeyInput) {
			*in = client.CreateAPIKeyInput{Client: "none", Label: " ", Kind: "PUBLIC", ExpiresAt: new(now)}
		}, []string{"REQUIRED label", "INVALID kind", "INVALID expiresAt", "NOT_FOUND client", "REQUIRED scopes"}},
		"a scope that is none":  {func(in *client.CreateAPIKeyInput) { in.Scopes = []logic.Scope{"ALL"} }, []string{"INVALID scopes.0"}},
		"a long label":          {func(in *client.CreateAPIKeyInput) { in.Label = strings.Repeat("ä", 101) }, []string{"TOO_LONG label"}},
		"the longest label":     {func(in *client.CreateAPIKeyInput) { in.Label = strings.Repeat("ä", 100) }, nil},
		"a secret of a reader":  {func(in *client.CreateAPIKeyInput) { in.Client = "web" }, []string{"INVALID kind"}},
		"a secret of an app":    {func(in *client.CreateAPIKeyInput) { in.Client = "mobile" }, []string{"INVALID kind"}},
		"a secret of a studio":  {func(in *client.CreateAPIKeyInput) { in.Client = "studio" }, nil},
		"a secret of a server":  {func(in *client.CreateAPIKeyInput) { in.Client = "server" }, nil},
		"a publishable key":     {func(in *client.CreateAPIKeyInput) { in.Client, in.Kind = "web", client.KeyPublishable }, nil},
		"soon over":             {func(in *client.CreateAPIKeyInput) { in.ExpiresAt = new(now + 1) }, nil},
		"more than the ceiling": {func(in *client.CreateAPIKeyInput) { in.Scopes = logic.AllScopes.List() }, nil},
	} {
		input := secret
		test.change(&input)
		key, text, err := w.CreateAPIKey(operator(t), input)
		wantFaults(t, name, err, test.want...)
		if (text != "") != (err == nil) || (key.ID != 0) != (err == nil) {
			t.Errorf("%s: the key is %+v, its text has %d characters", name, key, len(text))
		}
	}
}

func TestKeysAreMadeWithTheirTextOnce(t *testing.T) {
	w := newWorld(t)
	made := w.mustCreate(t, newClient("script", client.KindCLI))
	key, text, err := w.CreateAPIKey(operator(t), client.CreateAPIKeyInput{
		Client: "script", Label: " Nightly ", Kind: client.KeySecret, Scopes: []logic.Scope{logic.ScopePostsRead}, ExpiresAt: new(now + 5000),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := client.APIKey{
		ID: key.ID, ClientID: made.ID, Prefix: text[:16], Label: "Nightly", Kind: client.KeySecret, Scopes: logic.ScopesOf(logic.ScopePostsRead),
		CreatedAt: now, ExpiresAt: new(now + 5000), MadeToExpireAt: new(now + 5000),
	}
	if diff := cmp.Diff(want, key); diff != "" || !logic.TokenSecret.Is(text) {
		t.Errorf("the key %q is\n%s", text, diff)
	}
	if diff := cmp.Diff(want, w.mustGetKey(t, key.ID)); diff != "" {
		t.Error(diff)
	}
	newer, _ := w.mustKey(t, "script", client.KeyPublishable)
	keys, err := w.KeysOfClients(operator(t), []logic.ClientID{made.ID, 1, 999})
	if err != nil || len(keys) != 1 || len(keys[made.ID]) != 2 || keys[made.ID][0].ID != newer.ID || keys[made.ID][1].ID != key.ID {
		t.Errorf("the keys are %+v, %v", keys, err)
	}
}

func TestOldKeysMakeRoomForNewOnes(t *testing.T) {
	w := newWorld(t)
	made := w.mustCreate(t, newClient("script", client.KindCLI))
	var all []client.APIKey
	for range 100 {
		key, _ := w.mustKey(t, "script", client.KeySecret)
		all = append(all, key)
	}
	input := client.CreateAPIKeyInput{Client: "script", Label: "More", Kind: client.KeySecret, Scopes: []logic.Scope{logic.ScopePostsRead}}
	_, _, err := w.CreateAPIKey(operator(t), input)
	wantFaults(t, "a key beside a hundred", err, "INVALID")
	_, _, err = w.RotateAPIKey(operator(t), all[0].ID, 60)
	wantFaults(t, "a key that takes another's place later", err, "INVALID")
	if key := w.mustGetKey(t, all[0].ID); key.ExpiresAt != nil {
		t.Errorf("the refused rotation left %+v", key)
	}
	for _, i := range []int{50, 20} {
		if _, err := w.RevokeAPIKey(operator(t), all[i].ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := w.CreateAPIKey(operator(t), input); err != nil {
		t.Fatal(err)
	}
	if gone, err := w.APIKeysByID(operator(t), []logic.APIKeyID{all[20].ID, all[50].ID}); err != nil || len(gone) != 1 || gone[all[50].ID].ID == 0 {
		t.Errorf("the keys are %+v, %v; want only the newer one", gone, err)
	}
	if keys, err := w.KeysOfClients(operator(t), []logic.ClientID{made.ID}); err != nil || len(keys[made.ID]) != 100 {
		t.Errorf("%d keys, %v; want 100", len(keys[made.ID]), err)
	}
}

func TestRotation(t *testing.T) {
	w := newWorld(t)
	w.mustCreate(t, newClient("script", client.KindCLI))
	first, firstText := w.mustKey(t, "script", client.KeySecret)
	w.pass(time.Second)
	second, secondText, err := w.RotateAPIKey(operator(t), first.ID, 3600)
	if err != nil {
		t.Fatal(err)
	}
	want := first
	want.ID, want.CreatedAt, want.Prefix = second.ID, now+1000, secondText[:16]
	if diff := cmp.Diff(want, second); diff != "" || second.ID == first.ID || secondText == firstText {
		t.Errorf("the second key is\n%s", diff)
	}
	if old := w.mustGetKey(t, first.ID); old.ExpiresAt == nil || *old.ExpiresAt != w.now().Add(time.Hour) || old.RevokedAt != nil {
		t.Errorf("the first key is %+v", old)
	}
	w.wantWorks(t, map[string]bool{firstText: true, secondText: true})
	for _, text := range []string{firstText, secondText, secondText} {
		if err := w.asking(t, text)(); err != nil {
			t.Fatal(err)
		}
	}
	if one, two := w.mustGetKey(t, first.ID).RequestCount, w.mustGetKey(t, second.ID).RequestCount; one != 1 || two != 2 {
		t.Errorf("%d and %d requests are counted, want 1 and 2", one, two)
	}
	w.pass(time.Hour)
	w.wantWorks(t, map[string]bool{firstText: false, secondText: true})

	third, thirdText, err := w.RotateAPIKey(operator(t), second.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	w.wantWorks(t, map[string]bool{firstText: false, secondText: false, thirdText: true})

	_, _, err = w.RotateAPIKey(operator(t), first.ID, 0)
	wantFaults(t, "one that expired", err, "INVALID id")
	_, _, err = w.RotateAPIKey(operator(t), 999, 0)
	wantFaults(t, "one that is not there", err, "NOT_FOUND")
	for _, grace := range []int{-1, 30*24*60*60 + 1} {
		_, _, err = w.RotateAPIKey(operator(t), third.ID, grace)
		wantFaults(t, fmt.Sprint(grace), err, "INVALID graceSeconds")
	}
	if _, _, err = w.RotateAPIKey(operator(t), third.ID, 30*24*60*60); err != nil {
		t.Errorf("the longest grace: %v", err)
	}
}

func TestRotationKeepsAnEarlierEnd(t *testing.T) {
	w := newWorld(t)
	w.mustCreate(t, newClient("script", client.KindCLI))
	end := now.Add(time.Minute)
	first, _, err := w.CreateAPIKey(operator(t), client.CreateAPIKeyInput{
		Client: "script", Label: "Short", Kind: client.KeySecret, Scopes: []logic.Scope{logic.ScopePostsRead}, ExpiresAt: &end,
	})
	if err != nil {
		t.Fatal(err)
	}
	second, _, err := w.RotateAPIKey(operator(t), first.ID, 3600)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []client.APIKey{second, w.mustGetKey(t, first.ID)} {
		if key.ExpiresAt == nil || *key.ExpiresAt != end {
			t.Errorf("the key is %+v, want it to expire as it did", key)
		}
	}
}

// TestTheSecondSuccessorLastsAsTheFirst rotates a key again that is about to end, as one does who lost the successor's text.
func TestTheSecondSuccessorLastsAsTheFirst(t *testing.T) {
	w := newWorld(t)
	w.mustCreate(t, newClient("script", client.KindCLI))
	first, _ := w.mustKey(t, "script", client.KeySecret)
	if _, _, err := w.RotateAPIKey(operator(t), first.ID, 60); err != nil {
		t.Fatal(err)
	}
	again, text, err := w.RotateAPIKey(operator(t), first.ID, 3600)
	if err != nil || again.ExpiresAt != nil {
		t.Fatalf("the second successor is %+v, %v; want one without an end", again, err)
	}
	if old := w.mustGetKey(t, first.ID); *old.ExpiresAt != w.now().Add(time.Minute) {
		t.Errorf("the first key ends at %v, want it to end as it was to", *old.ExpiresAt)
	}
	w.pass(time.Hour)
	w.wantWorks(t, map[string]bool{text: true})
}

func TestRevoking(t *testing.T) {
	w := newWorld(t)
	w.mustCreate(t, newClient("script", client.KindCLI))
	key, text := w.mustKey(t, "script", client.KeySecret)
	w.wantWorks(t, map[string]bool{text: true})
	revoked, err := w.RevokeAPIKey(operator(t), key.ID)
	if err != nil || revoked.RevokedAt == nil || *revoked.RevokedAt != now || revoked.ID != key.ID {
		t.Errorf("revoked %+v, %v", revoked, err)
	}
	w.wantWorks(t, map[string]bool{text: false})
	w.pass(time.Hour)
	again, err := w.RevokeAPIKey(operator(t), key.ID)
	if diff := cmp.Diff(revoked, again); err != nil || diff != "" {
		t.Errorf("revoked twice: %v\n%s", err, diff)
	}
	_, _, err = w.RotateAPIKey(operator(t), key.ID, 0)
	wantFaults(t, "rotated after it was revoked", err, "INVALID id")
	_, err = w.RevokeAPIKey(operator(t), 999)
	wantFaults(t, "one that is not there", err, "NOT_FOUND")
}

// wantWorks fails the test unless just those keys work.
func (w *world) wantWorks(t testing.TB, keys map[string]bool) {
	t.Helper()
	for text, want := range keys {
		if _, err := w.Identify(t.Context(), client.Credentials{Key: text}); (err == nil) != want {
			t.Errorf("the key %.16s…: %v, want it to work: %t", text, err, want)
		}
	}
}
