package guard

import (
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
