package graph

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/logic"
)

func TestPresentedCodes(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		code   logic.Code
		field  string
		shown  string
		logged bool
		reason string
	}{
		"an argument at fault": {
			err: logic.Invalid("1 to 3").At("filter", "tags"), code: logic.CodeBadRequest, field: "filter.tags", shown: "filter.tags: 1 to 3",
			reason: "a query has no userErrors",
		},
		"a text that is too long":   {err: logic.Fault(logic.CodeTooLong, "long"), code: logic.CodeBadRequest, shown: "long", reason: "a query has no userErrors"},
		"what the viewer may not":   {err: logic.Fault(logic.CodeForbidden, "no"), code: logic.CodeForbidden, shown: "no", reason: "the viewer can act on it"},
		"what is too much":          {err: logic.Fault(logic.CodeTooComplex, "much"), code: logic.CodeTooComplex, shown: "much", reason: "the frontend can act on it"},
		"a server with too much":    {err: logic.Fault(logic.CodeOverloaded, "busy"), code: logic.CodeOverloaded, shown: "busy", reason: "the frontend can come again"},
		"a cause behind a fault":    {err: &logic.Error{Code: logic.CodeForbidden, Message: "no", Err: errors.New("secret")}, code: logic.CodeForbidden, shown: "no", reason: "a cause is never shown"},
		"any other error":           {err: errors.New("secret"), code: logic.CodeInternal, shown: logic.ErrInternal.Message, logged: true, reason: "nobody outside can act on it"},
		"a fault of the program":    {err: &logic.Error{Code: logic.CodeInternal, Message: "secret"}, code: logic.CodeInternal, shown: logic.ErrInternal.Message, logged: true, reason: "nobody outside can act on it"},
		"a document that is none":   {err: &gqlerror.Error{Message: "Expected Name", Extensions: map[string]any{"code": "GRAPHQL_PARSE_FAILED"}}, code: logic.CodeParseFailed, shown: "Expected Name", reason: "the code is there"},
		"an error without any code": {err: &gqlerror.Error{Message: "must not be null"}, code: logic.CodeInternal, shown: logic.ErrInternal.Message, logged: true, reason: "a resolver broke its promise"},
	} {
		var log strings.Builder
		ctx := &logic.Request{Context: t.Context(), ID: "seven"}
		shown := presenter{slog.New(slog.NewTextHandler(&log, nil))}.present(ctx, c.err)
		field, _ := shown.Extensions["field"].([]string)
		if shown.Extensions["code"] != string(c.code) || shown.Extensions["requestId"] != "seven" || shown.Message != c.shown || strings.Join(field, ".") != c.field {
			t.Errorf("%s: shown as %q with %v (%s)", name, shown.Message, shown.Extensions, c.reason)
		}
		if (log.Len() > 0) != c.logged {
			t.Errorf("%s: the log says %q (%s)", name, log.String(), c.reason)
		}
	}
}

// TestEveryCodeIsPresented holds each code that there is to what frontends see of it.
func TestEveryCodeIsPresented(t *testing.T) {
	shownAs := map[logic.Code]logic.Code{
		logic.CodeRequired:         logic.CodeBadRequest, // a query has no userErrors
		logic.CodeInvalid:          logic.CodeBadRequest,
		logic.CodeTooLong:          logic.CodeBadRequest,
		logic.CodeTaken:            logic.CodeBadRequest,
		logic.CodeNotFound:         logic.CodeBadRequest,
		logic.CodeExpired:          logic.CodeBadRequest,
		logic.CodeStale:            logic.CodeBadRequest,
		logic.CodeInUse:            logic.CodeBadRequest,
		logic.CodeWrongCredentials: logic.CodeBadRequest,
		logic.CodeWeakPassword:     logic.CodeBadRequest,
		logic.CodeBadRequest:       logic.CodeBadRequest,
		logic.CodeParseFailed:      logic.CodeParseFailed,
		logic.CodeValidationFailed: logic.CodeValidationFailed,
		logic.CodeUnauthenticated:  logic.CodeUnauthenticated,
		logic.CodeForbidden:        logic.CodeForbidden,
		logic.CodeRateLimited:      logic.CodeRateLimited,
		logic.CodeTooComplex:       logic.CodeTooComplex,
		logic.CodeTimeout:          logic.CodeTimeout,
		logic.CodeOverloaded:       logic.CodeOverloaded,
		logic.CodeInternal:         logic.CodeInternal,
	}
	for _, code := range codes(t) {
		want, ok := shownAs[code]
		if !ok {
			t.Errorf("nothing says what frontends see of %s", code)
			continue
		}
		shown := presenter{slog.New(slog.DiscardHandler)}.present(t.Context(), logic.Fault(code, "a reason"))
		wantMessage := "a reason"
		if code == logic.CodeInternal {
			wantMessage = logic.ErrInternal.Message
		}
		if shown.Extensions["code"] != string(want) || shown.Message != wantMessage {
			t.Errorf("%s is shown as %v: %s", code, shown.Extensions["code"], shown.Message)
		}
		faults, err := userErrors(logic.Fault(code, "a reason"))
		if isInput := want == logic.CodeBadRequest && code != logic.CodeBadRequest; (len(faults) == 1) != isInput || (err == nil) != isInput {
			t.Errorf("%s of a mutation: userErrors %v, error %v", code, faults, err)
		}
	}
}

// codes returns the value of every constant of the type logic.Code.
func codes(t *testing.T) []logic.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../logic/error.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []logic.Code
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if named, ok := spec.Type.(*ast.Ident); ok && named.Name == "Code" {
			found = append(found, logic.Code(strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`)))
		}
		return true
	})
	if len(found) < 15 {
		t.Fatalf("found only %v", found)
	}
	return found
}

func TestHowLongToWaitIsTold(t *testing.T) {
	for wait, want := range map[time.Duration]any{
		0: nil, time.Millisecond: 1, time.Second: 1, 1500 * time.Millisecond: 2, 15 * time.Minute: 900,
	} {
		for _, code := range []logic.Code{logic.CodeRateLimited, logic.CodeOverloaded} {
			fault := &logic.Error{Code: code, Message: "wait", RetryAfter: wait}
			shown := presenter{slog.New(slog.DiscardHandler)}.present(t.Context(), fmt.Errorf("signing in: %w", fault))
			if shown.Extensions["retryAfter"] != want {
				t.Errorf("%s of %v says %v, want %v", code, wait, shown.Extensions["retryAfter"], want)
			}
		}
	}
}

func TestAnEndOfTheRequestHasItsCause(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(logic.Fault(logic.CodeTimeout, "longer than a second"))
	var log strings.Builder
	shown := presenter{slog.New(slog.NewTextHandler(&log, nil))}.present(ctx, errors.New("interrupted"))
	if shown.Extensions["code"] != string(logic.CodeTimeout) || shown.Message != "longer than a second" || log.Len() > 0 {
		t.Errorf("shown as %q with %v, logged %q", shown.Message, shown.Extensions, log.String())
	}
}

func TestUserErrors(t *testing.T) {
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		err    error
		faults int
		left   error
	}{
		"no error":                    {nil, 0, nil},
		"one fault":                   {logic.Invalid("x").At("input"), 1, nil},
		"several faults":              {logic.Faults{logic.Invalid("x"), logic.NotFound("post")}, 2, nil},
		"a failure":                   {broken, 0, broken},
		"a fault that is no input's":  {logic.Fault(logic.CodeForbidden, "no"), 0, logic.Fault(logic.CodeForbidden, "no")},
		"one of them is no input's":   {logic.Faults{logic.Invalid("x"), logic.Fault(logic.CodeForbidden, "no")}, 0, broken},
		"a failure with a known code": {&logic.Error{Code: logic.CodeInternal, Err: broken}, 0, broken},
	} {
		faults, left := userErrors(c.err)
		if len(faults) != c.faults || (left == nil) != (c.left == nil) {
			t.Errorf("%s: %v, %v", name, faults, left)
		}
	}
}

func TestPathsBeginAtTheInput(t *testing.T) {
	broken := errors.New("broken")
	wait := &logic.Error{Code: logic.CodeRateLimited, Message: "wait", RetryAfter: time.Second}
	for name, c := range map[string]struct {
		err   error
		paths string // of the faults, with semicolons between them
		is    error
	}{
		"no error":         {nil, "", nil},
		"a failure":        {broken, "", broken},
		"one fault":        {logic.Invalid("x").At("email"), "input.email", nil},
		"a deep one":       {logic.Invalid("x").At("scopes", "0"), "input.scopes.0", nil},
		"several":          {logic.Faults{logic.Invalid("x").At("email"), logic.Invalid("y").At("name")}, "input.email;input.name", nil},
		"of no one input":  {logic.Fault(logic.CodeWrongCredentials, "x"), "", nil},
		"a refusal":        {wait, "", nil},
		"another argument": {logic.Faults{logic.NotFound("user").At("id"), logic.Invalid("x").At("email")}, "id;input.email", nil},
		"one behind words": {fmt.Errorf("words: %w", logic.Invalid("x").At("email")), "input.email", nil},
	} {
		err := ofInput(c.err, "id")
		var paths []string
		for _, fault := range faultsOf(err) {
			paths = append(paths, strings.Join(fault.Field, "."))
		}
		if got := strings.Join(paths, ";"); got != c.paths || c.is != nil && !errors.Is(err, c.is) || (err == nil) != (c.err == nil) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if faults := faultsOf(ofInput(wait)); len(faults) != 1 || faults[0].RetryAfter != time.Second {
		t.Errorf("how long to wait is gone: %v", faults)
	}
	fault := logic.Invalid("x").At("email")
	if _ = ofInput(fault); strings.Join(fault.Field, ".") != "email" {
		t.Errorf("the fault itself was changed: %v", fault.Field)
	}
}
