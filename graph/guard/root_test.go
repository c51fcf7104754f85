package guard

import (
	"context"
	"strings"
	"testing"

	"headwater/logic"
)

func TestWhatIsDoneOnce(t *testing.T) {
	t.Parallel()
	exec := newExecutor(t, DefaultLimits(), Weights{Once: []string{"Mutation.signIn", "Mutation.signUp"}})
	for name, test := range map[string]struct {
		query string
		want  logic.Code
	}{
		"once":                       {`mutation{signIn{recorded}}`, ""},
		"beside others":              {`mutation{a:signOut{recorded} signIn{recorded} b:signOut{recorded}}`, ""},
		"others twice":               {`mutation{a:signOut{recorded} b:signOut{recorded}}`, ""},
		"under two names":            {`mutation{a:signIn(password:"a"){recorded} b:signIn(password:"b"){recorded}}`, logic.CodeTooComplex},
		"one of each":                {`mutation{signUp{recorded} signIn{recorded}}`, logic.CodeTooComplex},
		"in an inline fragment":      {`mutation{a:signIn{recorded} ...on Mutation{b:signIn{recorded}}}`, logic.CodeTooComplex},
		"in a fragment":              {`mutation{a:signIn{recorded} ...F} fragment F on Mutation{b:signIn{recorded}}`, logic.CodeTooComplex},
		"both in a fragment":         {`mutation{...F} fragment F on Mutation{...G} fragment G on Mutation{a:signIn{recorded} b:signIn{recorded}}`, logic.CodeTooComplex},
		"in a fragment spread twice": {`mutation{...F ...F} fragment F on Mutation{signIn{recorded}}`, logic.CodeTooComplex},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if response := answer(exec, test.query, nil); codeOf(response) != test.want {
				t.Errorf("answered %v, want %q", response.Errors, test.want)
			}
		})
	}
}

func TestAnIdempotencyKeyIsForOneField(t *testing.T) {
	t.Parallel()
	weights := Weights{Keyed: []string{"Mutation.signUp", "Mutation.signIn"}}
	for name, test := range map[string]struct {
		query, key string
		want       logic.Code
	}{
		"one":               {`mutation{signUp{recorded}}`, "k", ""},
		"one beside others": {`mutation{signUp{recorded} a:signOut{recorded} b:signOut{recorded}}`, "k", ""},
		"two without a key": {`mutation{a:signUp{recorded} b:signUp{recorded}}`, "", ""},
		"two":               {`mutation{a:signUp{recorded} b:signUp{recorded}}`, "k", logic.CodeBadRequest},
		"one of each":       {`mutation{signUp{recorded} signIn{recorded}}`, "k", logic.CodeBadRequest},
		"one in a fragment": {`mutation{a:signUp{recorded} ...F} fragment F on Mutation{b:signUp{recorded}}`, "k", logic.CodeBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exec := newExecutor(t, DefaultLimits(), weights)
			ctx := context.Background()
			if test.key != "" {
				ctx = logic.WithIdempotencyKey(ctx, test.key)
			}
			response := answerIn(ctx, exec, test.query, nil)
			if codeOf(response) != test.want || test.want != "" && !strings.Contains(response.Errors[0].Message, "Idempotency-Key") {
				t.Errorf("answered %v, want %q", response.Errors, test.want)
			}
		})
	}
}

// TestLongTextsAreBounded holds what an answer may bring of texts that come many times over, and lets through what frontends ask.
func TestLongTextsAreBounded(t *testing.T) {
	t.Parallel()
	weights := DefaultWeights()
	if weight := weights.Own["Revision.markdown"]; 100*weight <= DefaultLimits().Cost || 20*weight+20*100 > DefaultLimits().Cost {
		t.Errorf("a revision's text weighs %d: a page of 20 has to pass, and one of 100 must not", weight)
	}
	exec := newExecutor(t, DefaultLimits(), Weights{Once: []string{"Query.post"}})
	if response := answer(exec, `{a:post(slug:"a"){id} b:post(slug:"b"){id}}`, nil); codeOf(response) != logic.CodeTooComplex {
		t.Errorf("two fields of a query that are done once: %v", response.Errors)
	}
}
