package account_test

import (
	"errors"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/account"
)

func TestWhatAUserMustBe(t *testing.T) {
	w := newWorld(t)
	w.add("ada", logic.RoleReader)
	fine := account.CreateUserInput{
		Username: "grace", Email: "grace@example.org", Name: new("Grace Hopper"), Role: logic.RoleReader, Password: new(good),
	}
	for _, c := range []struct {
		change func(*account.CreateUserInput)
		code   logic.Code
		field  string
	}{
		{func(in *account.CreateUserInput) { in.Username = " " }, logic.CodeRequired, "username"},
		{func(in *account.CreateUserInput) { in.Username = "x" }, logic.CodeInvalid, "username"},
		{func(in *account.CreateUserInput) { in.Username = strings.Repeat("x", 41) }, logic.CodeInvalid, "username"},
		{func(in *account.CreateUserInput) { in.Username = "-grace" }, logic.CodeInvalid, "username"},
		{func(in *account.CreateUserInput) { in.Username = "grâce" }, logic.CodeInvalid, "username"},
		{func(in *account.CreateUserInput) { in.Username = "grace hopper" }, logic.CodeInvalid, "username"},
		{func(in *account.CreateUserInput) { in.Username = "grace@example.org" }, logic.CodeInvalid, "username"},
		{func(in *account.CreateUserInput) { in.Username = "ADA" }, logic.CodeTaken, "username"},
		{func(in *account.CreateUserInput) { in.Username = "erased-1" }, logic.CodeTaken, "username"},
		{func(in *account.CreateUserInput) { in.Email = "" }, logic.CodeRequired, "email"},
		{func(in *account.CreateUserInput) { in.Email = "grace" }, logic.CodeInvalid, "email"},
		{func(in *account.CreateUserInput) { in.Email = "Grace <grace@example.org>" }, logic.CodeInvalid, "email"},
		{func(in *account.CreateUserInput) { in.Email = "grace@example.org\nBcc: ada@example.org" }, logic.CodeInvalid, "email"},
		{func(in *account.CreateUserInput) { in.Email = `"grace hopper"@example.org` }, logic.CodeInvalid, "email"},
		{func(in *account.CreateUserInput) { in.Email = strings.Repeat("x", 250) + "@a.b" + "c" }, logic.CodeTooLong, "email"},
		{func(in *account.CreateUserInput) { in.Email = "Ada@Example.org" }, logic.CodeTaken, "email"},
		{func(in *account.CreateUserInput) { in.Name = new(" ") }, logic.CodeRequired, "name"},
		{func(in *account.CreateUserInput) { in.Name = new(strings.Repeat("x", 201)) }, logic.CodeTooLong, "name"},
		{func(in *account.CreateUserInput) { in.Name = new("Grace\nHopper") }, logic.CodeInvalid, "name"},
		{func(in *account.CreateUserInput) { in.Name = new("Grace\x00Hopper") }, logic.CodeInvalid, "name"},
		{func(in *account.CreateUserInput) { in.Role = "OWNER" }, logic.CodeInvalid, "role"},
		{func(in *account.CreateUserInput) { in.Password = new("") }, logic.CodeRequired, "password"},
	} {
		in := fine
		c.change(&in)
		_, err := w.people.CreateUser(w.operator(), in)
		mustFail(t, c.field, err, c.code, c.field)
	}
	_, err := w.people.CreateUser(w.operator(), account.CreateUserInput{Username: "ADA", Email: "x", Name: new(""), Role: "x", Password: new("short")})
	if faults, ok := errors.AsType[logic.Faults](err); !ok || len(faults) != 5 {
		t.Errorf("not all faults at once: %v", err)
	}
	user, err := w.people.CreateUser(w.operator(), account.CreateUserInput{Username: " Grace.Hopper-1 ", Email: " Grace@Example.org ", Role: logic.RoleReader})
	if err != nil || user.Username != "grace.hopper-1" || user.Name != user.Username || *user.Email != "grace@example.org" {
		t.Errorf("%+v, %v", user, err)
	}
}

func TestPasswords(t *testing.T) {
	w := newWorld(t)
	taken := 0
	for _, c := range []struct {
		password string
		code     logic.Code // empty for a good one
	}{
		{good, ""},
		{"äöüäöüäö", ""},
		{strings.Repeat("xyz.", 64), ""},
		{"   spaces   ", ""},
		{"ada-the-first", ""},
		{strings.Repeat("xyz.", 64) + "x", logic.CodeTooLong},
		{strings.Repeat(" ", 8), logic.CodeWeakPassword},
		{strings.Repeat("\u200b", 8), logic.CodeWeakPassword},
		{"x1x1x1x1x1", logic.CodeWeakPassword},
		{"seven77", logic.CodeWeakPassword},
		{"password", logic.CodeWeakPassword},
		{"Password", logic.CodeWeakPassword},
		{"PASSWORD1", logic.CodeWeakPassword},
		{"12345678", logic.CodeWeakPassword},
		{"ｐａｓｓｗｏｒｄ１", logic.CodeWeakPassword}, // typed in full width
		{"ａｄａ.byron", logic.CodeWeakPassword},
		{"ﬃﬃ", logic.CodeWeakPassword},       // six letters in two
		{"marishka", logic.CodeWeakPassword}, // the three thousandth
		{"ada.byron", logic.CodeWeakPassword},
		{"ADA.BYRON 1815", logic.CodeWeakPassword},
		{"countess", logic.CodeWeakPassword},
		{"Lady Lovelace", logic.CodeWeakPassword},
		{"ladyLOVELACE!", logic.CodeWeakPassword},
		{"Lovelàce", logic.CodeWeakPassword},
		{"lovelace", logic.CodeWeakPassword},
		{"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8", logic.CodeInvalid},
	} {
		in := account.CreateUserInput{
			Username: "ada.byron", Email: "countess@example.org", Name: new("Lady Lovelace"), Role: logic.RoleReader, Password: &c.password,
		}
		if c.code == "" { // another person each time
			taken++
			in.Username, in.Email = strings.Repeat("b", taken+2), strings.Repeat("c", taken+2)+"@example.org"
		}
		_, err := w.people.CreateUser(w.operator(), in)
		if c.code == "" {
			mustDo(t, c.password, err)
			mustDo(t, c.password, w.try(in.Username, c.password, "203.0.113.7"))
		} else {
			mustFail(t, c.password, err, c.code, "password")
		}
	}
}

func TestAPasswordIsTheSameHoweverItIsTyped(t *testing.T) {
	w := newWorld(t)
	_, err := w.people.CreateUser(w.operator(), account.CreateUserInput{
		Username: "ada", Email: "ada@example.org", Role: logic.RoleReader, Password: new("caf\u00e9 au lait"),
	})
	mustDo(t, "with one letter", err)
	mustDo(t, "with two", w.try("ada", "cafe\u0301 au lait", "203.0.113.7"))
	mustFail(t, "without the accent", w.try("ada", "cafe au lait", "203.0.113.7"), logic.CodeWrongCredentials)
}
