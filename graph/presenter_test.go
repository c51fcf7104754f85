package graph

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

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
		"any other error":           {err: errors.New("secret"), code: logic.CodeInternal, shown: internalMessage, logged: true, reason: "nobody outside can act on it"},
		"a fault of the program":    {err: &logic.Error{Code: logic.CodeInternal, Message: "secret"}, code: logic.CodeInternal, shown: internalMessage, logged: true, reason: "nobody outside can act on it"},
		"a document that is none":   {err: &gqlerror.Error{Message: "Expected Name", Extensions: map[string]any{"code": "GRAPHQL_PARSE_FAILED"}}, code: logic.CodeParseFailed, shown: "Expected Name", reason: "the code is there"},
		"an error without any code": {err: &gqlerror.Error{Message: "must not be null"}, code: logic.CodeInternal, shown: internalMessage, logged: true, reason: "a resolver broke its promise"},
	} {
		var log strings.Builder
		ctx := logic.WithRequestID(t.Context(), "seven")
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
