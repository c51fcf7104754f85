package account_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/account"
)

func TestNothingUsableIsKept(t *testing.T) {
	var log bytes.Buffer
	w := newWorld(t, func(options *account.Options) {
		options.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	})
	const wrong, address, unknown = "a wrong password", "203.0.113.77", "somebody-unknown"
	secrets := []string{good, wrong, unknown, address}
	keep := func(token string) { secrets = append(secrets, token) }

	mustDo(t, "signing up", w.people.SignUp(w.from(address), account.SignUpInput{Username: "ada", Email: "ada@example.org", Password: good}))
	keep(w.token("ada@example.org"))
	mustDo(t, "signing up again", w.people.SignUp(w.from(address), account.SignUpInput{Username: "pending", Email: "pending@example.org", Password: good}))
	keep(w.token("pending@example.org"))
	grant, err := w.people.ConfirmEmail(w.from(address), secrets[4])
	if err != nil {
		t.Fatal(err)
	}
	keep(grant.Token)
	mustDo(t, "signing in", w.try("ada", good, address))
	mustFail(t, "a wrong password", w.try("ada", wrong, address), logic.CodeWrongCredentials)
	mustFail(t, "an unknown login", w.try(unknown, wrong, address), logic.CodeWrongCredentials)
	mustDo(t, "asking for a reset", w.people.RequestPasswordReset(w.from(address), "ada"))
	keep(w.token("ada@example.org"))
	_, err = w.people.InviteUser(w.operator(), grant.User.ID)
	mustDo(t, "inviting", err)
	keep(w.token("ada@example.org"))
	w.as(grant.Token)
	w.run()

	for _, secret := range secrets {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	// Hashes of what can be guessed are as good as what they are of.
	for _, guessable := range []string{unknown, address, "ada", "ada@example.org"} {
		sum := sha256.Sum256([]byte(guessable))
		secrets = append(secrets, string(sum[:]), hex.EncodeToString(sum[:]), base64.RawURLEncoding.EncodeToString(sum[:]))
	}
	files, err := filepath.Glob(filepath.Join(w.dir, "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("the files are %v (%v)", files, err)
	}
	for _, file := range files {
		held, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			if bytes.Contains(held, []byte(secret)) {
				t.Errorf("%s holds %q", filepath.Base(file), secret)
			}
		}
	}
}

func TestNothingIsLeftOfTheErased(t *testing.T) {
	w := newWorld(t)
	user, err := w.people.CreateUser(w.operator(), account.CreateUserInput{
		Username: "verlaine", Email: "rimbaud@example.org", Name: new("Cocteau Twins"), Role: logic.RoleReader, Password: new(good),
	})
	if err != nil {
		t.Fatal(err)
	}
	mustDo(t, "signing in", w.try("verlaine", good, "203.0.113.7"))
	mustDo(t, "signing up once more", w.people.SignUp(w.anyone(), account.SignUpInput{Username: "arthur", Email: "Rimbaud@example.org", Password: good}))
	personal := []string{"verlaine", "rimbaud", "arthur", "cocteau", "Cocteau", "Firefox on Linux"}
	if held := w.held(personal); len(held) != len(personal) {
		t.Fatalf("the files hold %q of %q", held, personal)
	}
	_, err = w.people.EraseUser(w.operator(), user.ID)
	mustDo(t, "erasing", err)
	if held := w.held(personal); held != nil {
		t.Errorf("the files hold %q", held)
	}
}

// held returns which of the texts stand in the database or in what SQLite keeps beside it.
func (w *world) held(texts []string) []string {
	w.t.Helper()
	var all []byte
	files, err := filepath.Glob(filepath.Join(w.dir, "*"))
	if err != nil || len(files) < 2 {
		w.t.Fatalf("the files are %v (%v)", files, err)
	}
	for _, file := range files {
		held, err := os.ReadFile(file)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, held...)
	}
	var held []string
	for _, text := range texts {
		if bytes.Contains(all, []byte(text)) {
			held = append(held, text)
		}
	}
	return held
}
