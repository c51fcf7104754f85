package store

import (
	"strconv"
	"testing"

	"headwater/logic"
	"headwater/logic/account"
)

func TestPeopleOfAnOlderDatabaseAreAuthors(t *testing.T) {
	dir := t.TempDir()
	const lastWithoutPeople = 2
	fillOlder(t, dir, lastWithoutPeople, `INSERT INTO account (id, username, name, sort_key, created_at) VALUES (7, 'ada', 'Ada', 'ada', ?)`, testNow)
	users := openIn(t, dir).Account()
	page, err := users.UserPage(t.Context(), account.UserQuery{Role: logic.RoleAuthor, Words: []string{"ad"}, Window: logic.Window{Limit: 1}})
	if err != nil || len(page) != 1 || page[0].Username != "ada" || page[0].Email != nil {
		t.Errorf("%+v, %v", page, err)
	}
	if credential, err := users.CredentialByID(t.Context(), 7); err != nil || credential.Password != "" {
		t.Errorf("%+v, %v", credential, err)
	}
}

func TestWhatStrangersFillIsBounded(t *testing.T) {
	s, ctx := openTest(t), t.Context()
	mustAddNames(t, s, 0, 1)
	user := mustGet[logic.UserID](t, s, `SELECT id FROM account`)
	var hashes []logic.TokenHash
	mustWrite(t, s, func(w *writer) error {
		for i := range 5 {
			_, hash := logic.NewToken(logic.TokenConfirm)
			hashes = append(hashes, hash)
			token := account.Token{Purpose: account.PurposeSignUp, ExpiresAt: testNow + logic.Moment(i)}
			if i == 0 {
				token.Purpose, token.UserID = account.PurposeReset, &user
			}
			if err := w.InsertToken(ctx, hash, token); err != nil {
				return err
			}
			if err := w.SetTried(ctx, strconv.Itoa(i), account.Tried{Failures: 1, LastAt: testNow + logic.Moment(i)}); err != nil {
				return err
			}
		}
		return w.Prune(ctx, account.Horizon{MostSignUps: 2, MostTries: 3})
	})
	for i, hash := range hashes {
		_, err := s.Account().Token(ctx, hash)
		if stays := i == 0 || i > 2; stays != (err == nil) {
			t.Errorf("token %d: %v", i, err)
		}
	}
	if tries := mustGet[string](t, s, `SELECT group_concat(subject) FROM account_try`); tries != "2,3,4" {
		t.Errorf("the tries %s stay", tries)
	}
}

func TestTheSecretStays(t *testing.T) {
	dir := t.TempDir()
	first, err := openIn(t, dir).Account().Secret(t.Context())
	if err != nil || len(first) != 32 {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	if again, err := openIn(t, dir).Account().Secret(t.Context()); err != nil || string(again) != string(first) {
		t.Errorf("it changed: %v", err)
	}
	if other, err := openTest(t).Account().Secret(t.Context()); err != nil || string(other) == string(first) {
		t.Errorf("another database has the same: %v", err)
	}
}
