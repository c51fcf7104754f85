package client_test

import (
	"fmt"
	"testing"

	"headwater/logic"
	"headwater/logic/client"
)

// TestRefusalsTellWhatToDo holds what people read to whole sentences.
func TestRefusalsTellWhatToDo(t *testing.T) {
	w := newWorld(t)
	ctx := operator(t)
	w.mustCreate(t, newClient("studio", client.KindStudio))
	w.mustCreate(t, newClient("phone", client.KindMobile))
	key, text := w.mustKey(t, "studio", client.KeyPublishable)
	want := func(err error, want string) {
		t.Helper()
		if fault, ok := err.(logic.Faults); ok && len(fault) == 1 {
			err = fault[0]
		}
		fault, ok := err.(*logic.Error)
		if !ok || fault.Message != want {
			t.Errorf("%v, not %q", err, want)
		}
	}

	_, err := w.Identify(t.Context(), client.Credentials{Key: text})
	want(err, "This key may be used only by pages of its client's origins: send it from a page of those, or use a key of a client of another kind.")
	narrow := as(t, logic.Viewer{Secret: true, Limit: logic.AllScopes &^ logic.ScopesOf(logic.ScopeDraftsRead, logic.ScopeSiteWrite)})
	_, err = w.DeleteClient(narrow, "studio")
	want(err, "Nobody gives, or takes hold of, more than they have: this needs DRAFTS_READ, SITE_WRITE as well.")
	_, err = w.DeleteClient(ctx, client.PublicName)
	want(err, "The built-in client stays; an empty scopeCeiling closes it.")
	_, _, err = w.CreateAPIKey(ctx, client.CreateAPIKeyInput{Client: "phone", Label: "Key", Kind: client.KeySecret, Scopes: logic.Anonymous.List()})
	want(err, "A client of the kind MOBILE can't keep a secret: everyone can read what it is shipped with.")
	for range 99 {
		w.mustKey(t, "studio", client.KeyPublishable)
	}
	_, _, err = w.CreateAPIKey(ctx, client.CreateAPIKeyInput{Client: "studio", Label: "Key", Kind: client.KeySecret, Scopes: logic.Anonymous.List()})
	want(err, "The client has 100 keys that work, and can't have more: revoke one.")
	if _, err = w.RevokeAPIKey(ctx, key.ID); err != nil {
		t.Fatal(err)
	}
	_, _, err = w.RotateAPIKey(ctx, key.ID, 0)
	want(err, "This key no longer works, so nothing can take its place.")
	for i := range 97 {
		w.mustCreate(t, newClient(fmt.Sprintf("client-%d", i), client.KindCLI))
	}
	_, err = w.CreateClient(ctx, newClient("one-more", client.KindCLI))
	want(err, "There are 100 clients, and there can't be more: delete one.")
}
