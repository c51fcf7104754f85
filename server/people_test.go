package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/account"
)

// folder is a data folder that commands are run on.
type folder struct {
	t    *testing.T
	dir  string
	said []string // what the commands wrote to standard error
}

// do runs a command that must go well, and returns what it printed.
func (f *folder) do(input string, args ...string) string {
	f.t.Helper()
	stdout, stderr, code := f.try(input, args...)
	if code != 0 {
		f.t.Fatalf("%q ends with %d and says %s", args, code, stderr)
	}
	return stdout
}

// try runs a command.
func (f *folder) try(input string, args ...string) (stdout, stderr string, code int) {
	f.t.Helper()
	c := command(f.t, []string{"HEADWATER_DATA=" + f.dir}, args...)
	var out, errs strings.Builder
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(input), &out, &errs
	if err := c.Run(); err != nil && c.ProcessState == nil {
		f.t.Fatal(err)
	}
	f.said = append(f.said, errs.String())
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// keyText is a whole key on a line of its own.
var keyText = regexp.MustCompile(`^hw_(pub|secret)_[a-z2-7]{52}\n$`)

// key runs a command that prints a key and nothing else.
func (f *folder) key(args ...string) string {
	f.t.Helper()
	printed := f.do("", args...)
	if !keyText.MatchString(printed) {
		f.t.Fatalf("%q prints %q", args, printed)
	}
	return strings.TrimSpace(printed)
}

// newFolder returns a data folder that is there, with nobody in it.
func newFolder(t *testing.T) *folder {
	t.Helper()
	data := &folder{t: t, dir: t.TempDir()}
	data.do("", "site", "--title", "The Upper Pond")
	return data
}

// headers are what a request says beside its body.
type headers map[string]string

// post sends a query and returns the answer with its status.
func (r *running) post(ctx context.Context, sent headers, query string) (status int, body string, err error) {
	request, err := http.NewRequestWithContext(ctx, "POST", r.url+"/graphql", strings.NewReader(query))
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Content-Type", "application/json")
	for name, value := range sent {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

// mustAnswer wants an answer with the status, and every one of the texts in it.
func (r *running) mustAnswer(t *testing.T, sent headers, query string, status int, wanted ...string) string {
	t.Helper()
	got, body, err := r.post(t.Context(), sent, query)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range wanted {
		if !strings.Contains(body, want) {
			t.Errorf("%s answers %d %s, without %s", query, got, body, want)
		}
	}
	if got != status {
		t.Fatalf("%s answers %d %s, not %d", query, got, body, status)
	}
	return body
}

// soon is how long a change that a command made may take to hold at the server.
const soon = time.Second

// mustAnswerSoon asks again and again until the answer has the status and the text, for as long as a change may take.
func (r *running) mustAnswerSoon(t *testing.T, sent headers, query string, status int, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for changed := time.Now(); ; <-tick.C {
		asked := time.Now()
		got, body, err := r.post(ctx, sent, query)
		if err != nil {
			t.Fatal(err)
		}
		if got == status && strings.Contains(body, want) {
			return
		}
		if asked.Sub(changed) > soon {
			t.Fatalf("%s answers %d %s, still not %d %s", query, got, body, status, want)
		}
	}
}

const (
	heronPassword = "reed-and-water-7"
	whoAmI        = `{"query":"{viewer{user{username} scopes}}"}`
)

// sessionToken is the token in the answer of a client that keeps sessions itself.
var sessionToken = regexp.MustCompile(`hw_session_[a-z2-7]{52}`)

// signIn signs in through a client that keeps sessions itself, and returns the token.
func (r *running) signIn(t *testing.T, key, login, password string) string {
	t.Helper()
	body := r.mustAnswer(t, headers{"X-Api-Key": key},
		`{"query":"mutation{signIn(input:{login:\"`+login+`\",password:\"`+password+`\"}){token userErrors{code}}}"}`, 200, `"userErrors":[]`)
	token := sessionToken.FindString(body)
	if token == "" {
		t.Fatalf("no token in %s", body)
	}
	return token
}

// TestCommandsBesideAServer changes people, clients and keys by commands, and looks at the running server for what that does.
func TestCommandsBesideAServer(t *testing.T) {
	t.Parallel()
	data := &folder{t: t, dir: t.TempDir()}
	r := start(t, nil, "serve", "--data", data.dir, "--listen", "127.0.0.1:0", "--http-drain", "0s")
	data.do(heronPassword+"\n", "user", "add", "heron", "--email", "heron@example.org", "--role", "editor", "--name", "Grey Heron")
	data.do(heronPassword+"\n", "user", "add", "otter", "--email", "otter@example.org", "--role", "ADMIN")
	data.do("", "client", "add", "script", "--kind", "CLI", "--scope", "all", "--description", "Of the pond.")
	key := data.key("key", "add", "script", "--label", "at home", "--scope", "ALL")
	token := r.signIn(t, key, "heron", heronPassword)
	heron := headers{"X-Api-Key": key, "Authorization": "Bearer " + token}

	r.mustAnswer(t, heron, whoAmI, 200, `"heron"`, "DRAFTS_READ")
	data.do("", "user", "role", "heron", "READER")
	r.mustAnswerSoon(t, heron, whoAmI, 200, `{"data":{"viewer":{"user":{"username":"heron"},"scopes":["POSTS_READ","METRICS_WRITE"]}}}`)
	data.do("", "user", "deactivate", "heron")
	r.mustAnswerSoon(t, heron, whoAmI, 401, "UNAUTHENTICATED")
	data.do("", "user", "reactivate", "heron")
	r.mustAnswer(t, heron, whoAmI, 401)
	heron["Authorization"] = "Bearer " + r.signIn(t, key, "heron@example.org", heronPassword)
	data.do("minnows-have-another-1\nno line that is read\n", "user", "password", "heron")
	r.mustAnswerSoon(t, heron, whoAmI, 401, "UNAUTHENTICATED")
	r.signIn(t, key, "heron", "minnows-have-another-1")

	byKey := headers{"X-Api-Key": key}
	r.mustAnswer(t, byKey, whoAmI, 200, `"user":null`)
	next := data.key("key", "rotate", key[:len("hw_pub_")+6], "--grace", "0s")
	r.mustAnswerSoon(t, byKey, whoAmI, 401, "UNAUTHENTICATED")
	byKey["X-Api-Key"] = next
	r.mustAnswerSoon(t, byKey, whoAmI, 200, `"user":null`)
	data.do("", "key", "revoke", next[:len("hw_pub_")+6])
	r.mustAnswerSoon(t, byKey, whoAmI, 401, "UNAUTHENTICATED")

	secret := data.key("key", "add", "script", "--label", "nightly", "--kind", "secret", "--scopes", "POSTS_READ,USERS_READ", "--expires", "720h")
	byKey["X-Api-Key"] = secret
	r.mustAnswerSoon(t, byKey, whoAmI, 200, `"scopes":["POSTS_READ","USERS_READ"]`)
	data.do("", "client", "change", "script", "--scope", "POSTS_READ")
	r.mustAnswerSoon(t, byKey, whoAmI, 200, `"scopes":["POSTS_READ"]`)
	data.do("", "client", "remove", "script")
	r.mustAnswerSoon(t, byKey, whoAmI, 401, "UNAUTHENTICATED")

	r.mustAnswer(t, nil, whoAmI, 200, "POSTS_READ")
	data.do("", "client", "change", "public", "--no-scopes")
	r.mustAnswerSoon(t, nil, whoAmI, 401, "UNAUTHENTICATED")
	data.do("", "client", "change", "public", "--scope", "posts_read", "--scope", "metrics_write")
	r.mustAnswerSoon(t, nil, whoAmI, 200, "POSTS_READ")
	if code := r.stop(t, os.Interrupt); code != 0 {
		t.Errorf("exit code is %d: %s", code, r.log)
	}
}

// TestLists looks at the tables that the commands print.
func TestLists(t *testing.T) {
	t.Parallel()
	data := newFolder(t)
	data.do("", "user", "add", "heron", "--email", "heron@example.org", "--no-password")
	data.do(heronPassword, "user", "add", "otter", "--email", "Otter@example.org", "--role", "ADMIN", "--name", "Old Otter")
	data.do("", "user", "deactivate", "heron")
	data.do("", "client", "add", "web", "--kind", "WEB", "--scope", "POSTS_READ", "--origin", "https://pond.example", "--origin", "http://localhost:5173",
		"--requests-per-minute", "120", "--post-url", "https://pond.example/{slug}", "--description", "The reader.")
	first := data.key("key", "add", "web", "--label", "first", "--scope", "POSTS_READ")
	data.key("key", "add", "web", "--label", "second", "--scope", "POSTS_READ", "--expires", "2099-12-31")
	data.do("", "key", "revoke", first[:len("hw_pub_")+6])
	tables := map[string][]string{
		"user list":              {"otter  ADMIN   otter@example.org  active", "heron  READER  heron@example.org  deactivated", "Old Otter"},
		"user list --role admin": {"otter"},
		"client list":            {"public  WEB   POSTS_READ,METRICS_WRITE", "https://pond.example,http://localhost:5173  120", "https://pond.example/{slug}  The reader."},
		"key list":               {first[:len("hw_pub_")+6] + "  PUBLISHABLE  revoked", "works    2099-12-31T00:00Z", "POSTS_READ  second"},
		"key list public":        {"ID"},
	}
	for args, wanted := range tables {
		printed := data.do("", strings.Fields(args)...)
		for _, want := range wanted {
			if !strings.Contains(printed, want) {
				t.Errorf("%s prints %s, without %q", args, printed, want)
			}
		}
	}
	for args, others := range map[string]string{"user list --role admin": "heron", "key list public": "hw_pub_"} {
		if printed := data.do("", strings.Fields(args)...); strings.Contains(printed, others) {
			t.Errorf("%s prints %s", args, printed)
		}
	}
	data.do("", "client", "change", "web", "--no-origins", "--no-post-url", "--requests-per-minute", "60")
	if printed := data.do("", "client", "list"); strings.Contains(printed, "pond.example") {
		t.Errorf("still with origins, or an address of posts: %s", printed)
	}
}

// TestFaultsOfCommands wants each fault told by the flag or argument at fault, and nothing on standard output.
func TestFaultsOfCommands(t *testing.T) {
	t.Parallel()
	data := newFolder(t)
	data.do(heronPassword, "user", "add", "heron", "--email", "heron@example.org", "--role", "ADMIN")
	data.do("", "client", "add", "web", "--kind", "WEB", "--scope", "POSTS_READ")
	prefix := data.key("key", "add", "web", "--label", "x", "--scope", "POSTS_READ")[:len("hw_pub_aaaaaa")]
	tests := map[string]struct {
		input, args string
		wanted      []string
	}{
		"a password in an argument":       {"", "user add kite --email kite@example.org --password=reed-and-water-7", []string{"--password"}},
		"a password in no flag":           {"", "user list --password=reed-and-water-7", []string{"unknown flag --password"}},
		"a password behind a flag":        {"", "user add kite --email kite@example.org --password reed-and-water-7", []string{"unexpected argument", "user add --email=ADDRESS <name>"}},
		"a password behind a name":        {"", "user password heron reed-and-water-7", []string{"unexpected argument", "user password <name>"}},
		"no password":                     {"", "user add kite --email kite@example.org", []string{"standard input"}},
		"an empty line for a password":    {"\nreed-and-water-7\n", "user add kite --email kite@example.org", []string{"standard input"}},
		"a short password":                {"reed\n", "user add kite --email kite@example.org", []string{"the password: has 4 characters"}},
		"a password of one character":     {"r\n", "user add kite --email kite@example.org", []string{"the password: has 1 character;"}},
		"all faults of a person":          {"kite-kite\n", "user add K --email kite", []string{"NAME: ", "--email: "}},
		"a role that there is not":        {"", "user add kite --email kite@example.org --role BOSS", []string{"--role must be one of", "BOSS"}},
		"a list by such a role":           {"", "user list --role BOSS", []string{"--role"}},
		"a name that is taken":            {heronPassword, "user add heron --email kite@example.org", []string{"NAME: "}},
		"nobody of the name":              {"", "user role kite READER", []string{"no such user"}},
		"the last admin's role":           {"", "user role heron READER", []string{"NAME: ", "ADMIN"}},
		"the last admin's end":            {"", "user deactivate heron", []string{"NAME: ", "ADMIN"}},
		"all faults of a client":          {"", "client add W --kind WEB --scope FLY --origin pond --requests-per-minute 0 --post-url x", []string{"NAME: ", "--scope: ", "--origin: ", "--requests-per-minute: ", "--post-url: "}},
		"origins that are none":           {"", "client add kite --kind WEB --scope ALL --origin pond,https://pond.example,reed", []string{"--origin: ", `not "pond"`, `not "reed"`}},
		"a kind that there is not":        {"", "client add kite --kind TOASTER --scope ALL", []string{"--kind"}},
		"no scopes of a client":           {"", "client add kite --kind WEB", []string{"--scope"}},
		"no flags of a client":            {"", "client add kite", []string{"--kind=KIND", "--scope=SCOPE"}},
		"no flags of a key":               {"", "key add web", []string{"--label=LABEL", "--scope=SCOPE"}},
		"scopes, and none":                {"", "client change web --scope ALL --no-scopes", []string{"--no-scopes"}},
		"no client of the name":           {"", "client change kite --no-scopes", []string{"no such client"}},
		"the built-in client's end":       {"", "client remove public", []string{"NAME: ", "client change public --no-scopes"}},
		"a secret that all could read":    {"", "key add web --label x --kind SECRET --scope POSTS_READ", []string{"--kind: "}},
		"no client of a key":              {"", "key add kite --label x --scope POSTS_READ", []string{"CLIENT: "}},
		"a key that ended":                {"", "key add web --label x --scope POSTS_READ --expires 2001-01-01", []string{"--expires: "}},
		"an end that is no time":          {"", "key add web --label x --scope POSTS_READ --expires soon", []string{"--expires"}},
		"a grace that is too long":        {"", "key rotate " + prefix + " --grace 721h", []string{"--grace: must be 0 to 2592000 seconds, which is 30 days"}},
		"no key to rotate":                {"", "key rotate hw_pub_aaaaaa", []string{"KEY: "}},
		"no client whose keys are listed": {"", "key list kite", []string{"no such client"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			stdout, stderr, code := data.try(test.input, strings.Fields(test.args)...)
			if code != exitUsage || stdout != "" || strings.Contains(stderr, heronPassword) {
				t.Errorf("ends with %d, prints %q, says %s", code, stdout, stderr)
			}
			for _, want := range test.wanted {
				if !strings.Contains(stderr, want) {
					t.Errorf("says %s, without %q", stderr, want)
				}
			}
		})
	}
}

// TestFolderThatIsNotThere runs what needs a data folder on none, as by a typing error, and wants none made.
func TestFolderThatIsNotThere(t *testing.T) {
	t.Parallel()
	data := &folder{t: t, dir: filepath.Join(t.TempDir(), "typo")}
	for _, args := range []string{
		"site", "user list", "user add heron --email heron@example.org", "user role heron READER", "user password heron", "user deactivate heron",
		"user reactivate heron", "client list", "client add web --kind WEB --scope ALL", "client change web --no-scopes", "client remove web",
		"key list", "key add web --label x --scope ALL", "key rotate hw_pub_abcdef", "key revoke hw_pub_abcdef",
	} {
		stdout, stderr, code := data.try("", strings.Fields(args)...)
		if code != exitUsage || stdout != "" || !strings.Contains(stderr, data.dir) || !strings.Contains(stderr, "--data") {
			t.Errorf("%s ends with %d, prints %q, says %s", args, code, stdout, stderr)
		}
		if _, err := os.Stat(data.dir); err == nil {
			t.Fatalf("%s made a folder", args)
		}
	}
}

// TestSecretsStandNowhere uses passwords, keys and sessions, and then looks for them in all that was written: the data folder,
// while the server runs and behind it, the log, and what commands say beside their result.
func TestSecretsStandNowhere(t *testing.T) {
	t.Parallel()
	data := &folder{t: t, dir: filepath.Join(t.TempDir(), "data")}
	box := openPostbox(t)
	r := start(t, nil, append([]string{
		"serve", "--data", data.dir, "--listen", "127.0.0.1:0", "--sample", "--sign-up", "--log-level", "debug", "--http-drain", "0s",
	}, box.settings()...)...)
	secrets := map[string]string{"the password of heron": heronPassword, "a wrong password": "a-guess-that-is-wrong"}
	admin := regexp.MustCompile(`Sign in as admin with the password (\S+)\n`).FindStringSubmatch(r.greeting)
	keys := regexp.MustCompile(`hw_pub_[a-z2-7]{52}`).FindAllString(r.greeting, -1)
	if len(admin) != 2 || len(keys) != 3 {
		t.Fatalf("greeted %s", r.greeting)
	}
	secrets["the sample's password"], secrets["the sample's key"] = admin[1], keys[1]
	data.do(heronPassword+"\n", "user", "add", "heron", "--email", "heron@example.org", "--role", "ADMIN")
	data.do("", "client", "add", "script", "--kind", "SERVER", "--scope", "ALL")
	secrets["a publishable key"] = data.key("key", "add", "script", "--label", "a", "--scope", "ALL")
	secrets["a secret key"] = data.key("key", "add", "script", "--label", "b", "--kind", "SECRET", "--scope", "ALL")
	secrets["a session of the sample"] = r.signIn(t, keys[1], "admin", admin[1])
	secrets["a session"] = r.signIn(t, secrets["a publishable key"], "heron", heronPassword)
	r.mustAnswer(t, headers{"X-Api-Key": secrets["a secret key"]}, whoAmI, 200)
	r.mustAnswer(t, headers{"X-Api-Key": secrets["a publishable key"]},
		`{"query":"mutation{signIn(input:{login:\"heron\",password:\"a-guess-that-is-wrong\"}){userErrors{code}}}"}`, 200, "WRONG_CREDENTIALS")
	r.mustAnswer(t, nil, `{"query":"mutation{requestPasswordReset(login:\"heron\"){userErrors{code}}}"}`, 200, `"userErrors":[]`)
	secrets["the password of otter"] = "minnows-are-enough"
	r.mustAnswer(t, nil, `{"query":"mutation{signUp(input:{username:\"otter\",email:\"otter@example.org\",password:\"minnows-are-enough\"}){userErrors{code}}}"}`, 200, `"userErrors":[]`)
	for name, address := range map[string]string{"a token to reset": "heron@example.org", "a token to confirm": "otter@example.org"} {
		token, err := box.token(address)
		if err != nil {
			t.Fatal(err)
		}
		secrets[name] = token
	}
	r.mustAnswer(t, headers{"X-Api-Key": secrets["a publishable key"]},
		`{"query":"mutation{confirmEmail(token:\"`+secrets["a token to confirm"]+`\"){viewer{user{username}} userErrors{code}}}"}`, 200, `"otter"`)
	r.mustAnswer(t, headers{"X-Api-Key": "hw_pub_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, whoAmI, 401)

	look := func(when string) {
		written := map[string]string{"the log": r.log.String(), "what commands said": strings.Join(data.said, "")}
		files, err := os.ReadDir(data.dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if file.IsDir() {
				continue // what was uploaded: nothing in this test
			}
			text, err := os.ReadFile(filepath.Join(data.dir, file.Name()))
			if err != nil {
				t.Fatal(err)
			}
			written[file.Name()] = string(text)
		}
		if len(written["headwater.db"]) == 0 || !strings.Contains(written["the log"], "/graphql") {
			t.Fatalf("%s: nothing was looked at", when)
		}
		for place, text := range written {
			for name, secret := range secrets {
				if secret == "" || strings.Contains(text, secret) {
					t.Errorf("%s: %s stands in %s", when, name, place)
				}
			}
		}
	}
	look("while it runs")
	if code := r.stop(t, os.Interrupt); code != 0 {
		t.Errorf("exit code is %d: %s", code, r.log)
	}
	look("behind it")
}

// TestEachUser hands out more accounts than one page holds.
func TestEachUser(t *testing.T) {
	t.Parallel()
	settings, operator := Settings{Data: t.TempDir()}, logic.WithViewer(t.Context(), logic.Operator())
	want := logic.MaxPageSize + 5
	err := settings.runOrMake(operator, func(house *house) error {
		for i := range want {
			input := account.CreateUserInput{Username: fmt.Sprint("heron", i), Email: fmt.Sprintf("heron%d@example.org", i), Role: logic.RoleReader}
			if _, err := house.account.CreateUser(operator, input); err != nil {
				return err
			}
		}
		seen := map[string]bool{}
		err := eachUser(operator, house.account, nil, func(user account.User) { seen[user.Username] = true })
		if len(seen) != want {
			t.Errorf("%d accounts, not %d", len(seen), want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
