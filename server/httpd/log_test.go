package httpd

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"headwater/logic"
	"headwater/logic/client"
)

func TestLogSaysWhoAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.addClient(t, "app", client.KindMobile)
	key, token := w.addKey(t, "app", client.KeyPublishable)
	ada := w.addPerson(t, "ada", logic.RoleAuthor)
	session := w.signIn(t, "ada", "X-Api-Key", token)
	w.post(t, whoBody, "X-Api-Key", token, "Authorization", "Bearer "+session, "X-Request-Id", "known")
	w.post(t, whoBody, "X-Request-Id", "public")
	line := lineOf(w.log.String(), "known")
	for _, want := range []string{"client=app", "key=" + key.Prefix, "user=" + strconv.FormatInt(int64(ada.ID), 10)} {
		if !strings.Contains(line, want) {
			t.Errorf("there is no %q in %s", want, line)
		}
	}
	if line := lineOf(w.log.String(), "public"); !strings.Contains(line, "client=public") || strings.Contains(line, "key=") || strings.Contains(line, "user=") {
		t.Errorf("logged %s", line)
	}
}

// TestLogSaysWhoSignedInAndOut looks at the lines of the requests themselves that begin and end sessions.
func TestLogSaysWhoSignedInAndOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	ada, ben := w.addPerson(t, "ada", logic.RoleAuthor), w.addPerson(t, "ben", logic.RoleAuthor)
	cookie := "headwater=" + cookieOf(t, w.post(t, signInBody("ada"), "X-Request-Id", "in")).Value
	second := "headwater=" + cookieOf(t, w.post(t, signInBody("ben"), "X-Request-Id", "over", "Cookie", cookie)).Value
	w.post(t, `{"query":"mutation{signOut{viewer{id}}}"}`, "X-Request-Id", "out", "Cookie", second)
	w.post(t, strings.Replace(signInBody("ada"), password, "wrong", 1), "X-Request-Id", "wrong")
	for id, want := range map[string]logic.UserID{"in": ada.ID, "over": ben.ID, "out": ben.ID, "wrong": 0} {
		line := lineOf(w.log.String(), id)
		if line == "" || strings.Contains(line, "user="+strconv.FormatInt(int64(want), 10)) != (want != 0) || strings.Contains(line, "user=") != (want != 0) {
			t.Errorf("%s is not of %d: %s", id, want, line)
		}
	}
}

// lineOf returns the line that a log has of the request named id.
func lineOf(log, id string) string {
	for line := range strings.Lines(log) {
		if strings.Contains(line, "id="+id+" ") {
			return line
		}
	}
	return ""
}

// TestSecretsAreNowhere brings passwords, tokens and keys in every way in which they can come, and then looks for them in the log
// and in the files of the database.
func TestSecretsAreNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.clock = logic.SystemClock })
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { w.services.Account.Run(ctx) })
	group.Go(func() { w.services.Client.Run(ctx) })

	w.addClient(t, "app", client.KindMobile)
	_, public := w.addKey(t, "app", client.KeyPublishable)
	secret := w.addScript(t)[1]
	w.addPerson(t, "ada", logic.RoleAdmin)
	session := w.signIn(t, "ada", "X-Api-Key", public)
	cookie := cookieOf(t, w.post(t, signInBody("ada"))).Value
	unknown, _ := logic.NewToken(logic.TokenSession)
	const wrong, chosen = "wrong horse battery", "another horse battery"
	secrets := []string{public, secret, session, cookie, unknown, password, wrong, chosen}

	w.post(t, strings.Replace(signInBody("ada"), password, wrong, 1))
	w.post(t, whoBody, "Authorization", "Bearer "+session, "X-Api-Key", secret)
	w.post(t, whoBody, "Authorization", "Bearer "+unknown)
	w.post(t, whoBody, "Authorization", "Basic "+session)
	w.post(t, whoBody, "X-Api-Key", secret+", "+public)
	w.post(t, whoBody, "Cookie", "headwater="+unknown)
	w.post(t, whoBody, "Cookie", "headwater="+cookie, "Origin", "https://evil.example")
	w.post(t, `{"query":"mutation($p:String!){changePassword(input:{current:$p,new:\"`+chosen+`\"}){userErrors{code}}}","variables":{"p":"`+password+`"}}`,
		"Cookie", "headwater="+cookie)
	w.post(t, `{"query":"mutation($t:String!){confirmEmail(token:$t){userErrors{code}}}","variables":{"t":"`+unknown+`"}}`)
	w.post(t, `{"query":"mutation{signIn(input:{login:\"ada\",password:\"`+wrong+`\",nope:1}){token}}"}`)
	w.send(t, "GET", get("query", `mutation{signIn(input:{login:"ada",password:"`+wrong+`"}){token}}`), "")
	w.send(t, "GET", get("query", "{viewer{id}}", "variables", `{"t":"`+secret+`"}`, "token", session), "")
	w.send(t, "GET", "/?token="+session, "")
	w.send(t, "GET", "/nowhere?token="+session, "")
	for _, kind := range []logic.TokenKind{logic.TokenConfirm, logic.TokenReset, logic.TokenInvite, logic.TokenPreview} {
		link, _ := logic.NewToken(kind)
		secrets = append(secrets, link)
		w.send(t, "GET", "/account/"+link, "")
		w.send(t, "GET", "/"+strings.Replace(link, "_", "%5F", 1)+"/", "")
		w.post(t, `{"query":"query `+link+`{viewer{id}}"}`)
		if got := w.post(t, whoBody, "X-Request-Id", link); strings.Contains(got.Header.Get("X-Request-Id"), link) {
			t.Errorf("%s is what a request is called", link)
		}
	}
	stop()
	group.Wait()

	files, err := filepath.Glob(filepath.Join(w.folder, "*.*")) // but the folder of media, in which there is nothing yet
	if err != nil || len(files) == 0 {
		t.Fatalf("files %v, %v", files, err)
	}
	kept := map[string]string{"the log": w.log.String()}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kept[filepath.Base(file)] = string(content)
	}
	for name, text := range kept {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %s", name, secret)
			}
		}
	}
	if !strings.Contains(kept["the log"], "client=app") {
		t.Errorf("the log is %s", kept["the log"])
	}
}
