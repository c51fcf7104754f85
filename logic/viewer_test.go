package logic

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestScopesOfAViewer(t *testing.T) {
	for name, test := range map[string]struct {
		viewer Viewer
		want   string
	}{
		"the zero viewer":                 {Viewer{}, ""},
		"nobody":                          {Viewer{Limit: AllScopes}, "POSTS_READ,METRICS_WRITE"},
		"nobody, by a narrow key":         {Viewer{Limit: ScopesOf(ScopeMetricsWrite, ScopeUsersRead)}, "METRICS_WRITE"},
		"a secret key":                    {Viewer{Limit: ScopesOf(ScopeUsersRead, ScopeDraftsRead), Secret: true}, "DRAFTS_READ,USERS_READ"},
		"a secret key of a closed client": {Viewer{Secret: true}, ""},
		"a reader":                        {Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1, Role: RoleReader}, "POSTS_READ,METRICS_WRITE"},
		"an author":                       {Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1, Role: RoleAuthor}, "POSTS_READ,POSTS_WRITE,METRICS_READ,METRICS_WRITE"},
		"an editor": {Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1, Role: RoleEditor},
			"POSTS_READ,DRAFTS_READ,POSTS_WRITE,POSTS_PUBLISH,USERS_READ,METRICS_READ,METRICS_WRITE"},
		"an admin":                          {Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1, Role: RoleAdmin}, AllScopes.String()},
		"an admin in the reader's app":      {Viewer{Limit: Anonymous, SessionLimit: AllScopes, User: 1, Role: RoleAdmin}, "POSTS_READ,METRICS_WRITE"},
		"an admin in a session of the app":  {Viewer{Limit: AllScopes, SessionLimit: Anonymous, User: 1, Role: RoleAdmin}, "POSTS_READ,METRICS_WRITE"},
		"an admin in a session of nothing":  {Viewer{Limit: AllScopes, User: 1, Role: RoleAdmin}, ""},
		"a reader with a server's key":      {Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1, Role: RoleReader, Secret: true}, "POSTS_READ,METRICS_WRITE"},
		"someone whose role there is not":   {Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1, Role: "OWNER"}, ""},
		"someone without a role":            {Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1}, ""},
		"the command line":                  {Operator(), AllScopes.String()},
		"a limit of what is no scope":       {Viewer{Limit: ScopesOf("ROOT", "")}, ""},
		"a limit beyond all that there are": {Viewer{Limit: AllScopes | 1<<15, Secret: true}, AllScopes.String()},
	} {
		if got := test.viewer.Scopes().String(); got != test.want {
			t.Errorf("%s may %q, want %q", name, got, test.want)
		}
	}
}

func TestRules(t *testing.T) {
	const now = Moment(1_767_225_600_000)
	hourAgo := now.Add(-time.Hour)
	admin := Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1, Role: RoleAdmin, ProvedAt: hourAgo}
	for name, test := range map[string]struct {
		rule   Rule
		viewer Viewer
		want   Code
	}{
		"everyone, the zero viewer":        {Everyone, Viewer{}, ""},
		"no rule, the command line":        {Rule{}, Operator(), CodeForbidden},
		"signed in, nobody":                {SignedIn, Viewer{Limit: AllScopes}, CodeUnauthenticated},
		"signed in, a secret key":          {SignedIn, Operator(), CodeUnauthenticated},
		"signed in, someone without scope": {SignedIn, Viewer{User: 1}, ""},
		"a scope, nobody":                  {Needs(ScopeUsersRead), Viewer{Limit: AllScopes}, CodeForbidden},
		"a scope, a key":                   {Needs(ScopeUsersRead), Viewer{Limit: AllScopes, Secret: true}, ""},
		"what is no scope, an admin":       {Needs("ROOT"), admin, CodeForbidden},
		"a fresh scope, just in time":      {NeedsFresh(ScopeUsersWrite), admin, ""},
		"a fresh scope, too late": {NeedsFresh(ScopeUsersWrite),
			Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1, Role: RoleAdmin, ProvedAt: hourAgo - 1}, CodeUnauthenticated},
		"a fresh scope, the clock set back a little": {NeedsFresh(ScopeUsersWrite),
			Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1, Role: RoleAdmin, ProvedAt: hourAgo.Add(2 * FreshFor)}, ""},
		"a fresh scope, the clock set back by more than it is fresh for": {NeedsFresh(ScopeUsersWrite),
			Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1, Role: RoleAdmin, ProvedAt: hourAgo.Add(2*FreshFor) + 1}, CodeUnauthenticated},
		"a fresh scope, too late and not allowed": {NeedsFresh(ScopeUsersWrite),
			Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1, Role: RoleEditor}, CodeForbidden},
		"a scope, through the client that the session did not begin through": {Needs(ScopeUsersRead),
			Viewer{Limit: AllScopes, SessionLimit: Anonymous, User: 1, Role: RoleAdmin}, CodeUnauthenticated},
		"a scope that neither client has": {Needs(ScopeUsersRead),
			Viewer{Limit: Anonymous, SessionLimit: Anonymous, User: 1, Role: RoleAdmin}, CodeForbidden},
		"a fresh scope, a key":                      {NeedsFresh(ScopeUsersWrite), Operator(), ""},
		"a fresh scope, a person with a secret key": {NeedsFresh(ScopeUsersWrite), Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 1, Role: RoleAdmin, Secret: true}, CodeUnauthenticated},
	} {
		err := test.rule.Check(test.viewer, now)
		if got := codeOrNone(err); got != test.want {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func codeOrNone(err error) Code {
	if err == nil {
		return ""
	}
	return CodeOf(err)
}

func TestOnlyTheCommandLineIsTheOperator(t *testing.T) {
	if err := CheckOperator(WithViewer(t.Context(), Operator())); err != nil {
		t.Error(err)
	}
	for _, viewer := range []Viewer{{}, {Limit: AllScopes, Secret: true}, {Limit: AllScopes, User: 1, Role: RoleAdmin}} {
		if err := CheckOperator(WithViewer(t.Context(), viewer)); codeOrNone(err) != CodeForbidden {
			t.Errorf("%+v: %v", viewer, err)
		}
	}
}

func TestTwoRulesForOnePlacePanic(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("the second rule was taken")
		}
	}()
	rules := Rules{}
	rules.Add(Everyone, "Query.site Query.node")
	rules.Add(SignedIn, "Query.node")
}

func TestTheRestOfARequestIsAnsweredForWhoSignedIn(t *testing.T) {
	ctx := WithViewer(t.Context(), Viewer{Limit: AllScopes})
	below, cancel := context.WithCancel(ctx)
	defer cancel()
	Become(below, Viewer{Limit: AllScopes, SessionLimit: AllScopes, User: 7})
	if got := ViewerFrom(ctx).User; got != 7 {
		t.Errorf("it is answered for %d", got)
	}
	Become(t.Context(), Viewer{User: 7})
	if got := ViewerFrom(t.Context()); got != (Viewer{}) {
		t.Errorf("a context without a viewer got %+v", got)
	}
}

func TestViewersAreToldApart(t *testing.T) {
	seen := map[ID]Viewer{}
	for _, viewer := range []Viewer{{}, {User: 1}, {Client: 1}, {Key: 1}, {User: 1, Client: 1}, {User: 11}, {User: 1, Key: 1}} {
		id := viewer.NodeID()
		if other, ok := seen[id]; ok {
			t.Errorf("%+v and %+v have one ID", viewer, other)
		}
		seen[id] = viewer
		viewer.Session, viewer.UserAgent = 5, "another"
		if viewer.NodeID() != id {
			t.Errorf("%+v has another ID in another session", viewer)
		}
	}
}

func TestTokensAreTakenOutOfTexts(t *testing.T) {
	for _, kind := range []TokenKind{TokenSession, TokenConfirm, TokenReset, TokenInvite, TokenPreview, TokenPublic, TokenSecret, TokenWebhook} {
		token, _ := NewToken(kind)
		for text, want := range map[string]string{
			token:                            string(kind) + "…",
			"/account/" + token + "/x":       "/account/" + string(kind) + "…/x",
			token + "." + token:              string(kind) + "…." + string(kind) + "…",
			strings.ToUpper(token):           strings.ToUpper(string(kind)) + "…",
			token[:len(kind)+9] + " in part": string(kind) + "… in part",
		} {
			if got := WithoutTokens(text); got != want {
				t.Errorf("%q became %q, not %q", text, got, want)
			}
		}
	}
	for _, text := range []string{"", "/account", "query Newest", "hw_session_", "hw_other_abcdef", "show_public_posts"} {
		if got := WithoutTokens(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestTokens(t *testing.T) {
	token, hash := NewToken(TokenSession)
	other, _ := NewToken(TokenSession)
	if token == other || HashToken(token) != hash || HashToken(other) == hash {
		t.Error("tokens or what is kept of them are alike")
	}
	for text, want := range map[string]bool{token: true, token[1:]: false, token + "a": false, "": false, "hw_session_": false} {
		if TokenSession.Is(text) != want {
			t.Errorf("%q is a session's token: %v", text, !want)
		}
	}
	if TokenSecret.Is(token) {
		t.Error("a session's token is taken for a key")
	}
}
