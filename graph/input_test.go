package graph_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"headwater/logic"
)

// TestWrongInputIsRefusedBeforeAnythingRuns sends what an argument or a variable must not hold.
func TestWrongInputIsRefusedBeforeAnythingRuns(t *testing.T) {
	w := openWorld(t)
	for name, test := range map[string]struct {
		query, variables string
		message          string // what the error begins with, empty where all is right
	}{
		"an object for a directive":          {`{ __typename @skip(if: {}) }`, `{}`, `Expected value of type "Boolean!", found {}.`},
		"an object for a directive, inside":  {`{ site { title @include(if: {}) } }`, `{}`, `Expected value of type "Boolean!", found {}.`},
		"an object for an Int":               {`{ posts(first: {}) { totalCount } }`, `{}`, `Expected value of type "Int", found {}.`},
		"an object for a String":             {`{ post(slug: {}) { id } }`, `{}`, `Expected value of type "String!", found {}.`},
		"an object for an ID":                {`{ node(id: {}) { id } }`, `{}`, `Expected value of type "ID!", found {}.`},
		"an object in a list":                {`{ posts(filter: { tags: [{}] }) { totalCount } }`, `{}`, `Expected value of type "String!", found {}.`},
		"an object for an enum":              {`{ posts(orderBy: { field: {} }) { totalCount } }`, `{}`, `Expected value of type "PostOrderField!", found {}.`},
		"an object for a scalar of ours":     {`{ posts(filter: { publishedFrom: {} }) { totalCount } }`, `{}`, `Expected value of type "DateTime", found {}.`},
		"a full object for a scalar of ours": {`{ posts(filter: { publishedFrom: { at: 1 } }) { totalCount } }`, `{}`, `Expected value of type "DateTime", found {at:1}.`},
		"a list for a scalar of ours":        {`{ posts(filter: { publishedFrom: ["2026-01-01T00:00:00Z"] }) { totalCount } }`, `{}`, `Expected value of type "DateTime", found [`},
		"a list for a String":                {`{ post(slug: ["a"]) { id } }`, `{}`, `String cannot represent`},
		"a fraction for an Int":              {`{ posts(first: 1.5) { totalCount } }`, `{}`, `Int cannot represent non-integer value: 1.5`},
		"a default that is an object":        {`query ($a: Int = {}) { posts(first: $a) { totalCount } }`, `{}`, `Expected value of type "Int", found {}.`},

		"a text in an Int variable":        {`query ($a: Int) { posts(first: $a) { totalCount } }`, `{"a":"1"}`, `variables.a: a whole number from -2147483648 to 2147483647 is needed here`},
		"a fraction in an Int variable":    {`query ($a: Int) { posts(first: $a) { totalCount } }`, `{"a":1.5}`, `variables.a: a whole number`},
		"a great number in an Int":         {`query ($a: Int) { posts(first: $a) { totalCount } }`, `{"a":2147483648}`, `variables.a: a whole number`},
		"an endless number in an Int":      {`query ($a: Int) { posts(first: $a) { totalCount } }`, `{"a":123456789012345678901234567890}`, `variables.a: a whole number`},
		"an object in an Int variable":     {`query ($a: Int) { posts(first: $a) { totalCount } }`, `{"a":{}}`, `variables.a: a whole number`},
		"a number in a String":             {`query ($a: String!) { post(slug: $a) { id } }`, `{"a":7}`, `variables.a: a text is needed here`},
		"a boolean in an ID":               {`query ($a: ID!) { node(id: $a) { id } }`, `{"a":true}`, `variables.a: an ID, which is a text, is needed here`},
		"a text in a Boolean":              {`query ($a: Boolean!) { __typename @skip(if: $a) }`, `{"a":"true"}`, `variables.a: true or false is needed here`},
		"null for a directive":             {`query ($a: Boolean = true) { site { ...F } } fragment F on Site { title @skip(if: $a) }`, `{"a":null}`, `variables.a: true or false is needed here, for @skip or @include`},
		"nothing where all is needed":      {`query ($a: String!) { post(slug: $a) { id } }`, `{}`, `variables.a: a value is needed here`},
		"null where all is needed":         {`query ($a: String!) { post(slug: $a) { id } }`, `{"a":null}`, `variables.a: a value is needed here`},
		"null in a list":                   {`query ($a: [ID!]!) { nodes(ids: $a) { id } }`, `{"a":["x",null]}`, `variables.a.1: a value is needed here`},
		"a number in an object":            {`query ($a: PostFilter) { posts(filter: $a) { totalCount } }`, `{"a":{"tags":["x",1.5]}}`, `variables.a.tags.1: a text is needed here`},
		"an enum that there is not":        {`query ($a: PostFilter) { posts(filter: $a) { totalCount } }`, `{"a":{"kind":["POEM"]}}`, `variables.a.kind.0: a value of PostKind is needed here`},
		"an enum in small letters":         {`query ($a: Interval!) { metrics(range: { from: "2026-01-01", to: "2026-01-01" }) { series(interval: $a) { views } } }`, `{"a":"day"}`, `variables.a: a value of Interval is needed here`},
		"an enum that is a number":         {`query ($a: PostKind!) { posts(filter: { kind: [$a] }) { totalCount } }`, `{"a":0}`, `variables.a: a value of PostKind is needed here`},
		"a field that there is not":        {`query ($a: PostFilter) { posts(filter: $a) { totalCount } }`, `{"a":{"tag":"x"}}`, `variables.a.tag: PostFilter has no such field`},
		"a field that is left out":         {`query ($a: PostOrder) { posts(orderBy: $a) { totalCount } }`, `{"a":{}}`, `variables.a.field: a value is needed here`},
		"a text for an object":             {`query ($a: PostOrder) { posts(orderBy: $a) { totalCount } }`, `{"a":"TITLE"}`, `variables.a: an object is needed here, of PostOrder`},
		"a list for an object":             {`query ($a: PostOrder) { posts(orderBy: $a) { totalCount } }`, `{"a":[{"field":"TITLE"}]}`, `variables.a: an object is needed here, of PostOrder`},
		"an object in a scalar of ours":    {`query ($a: DateTime) { posts(filter: { publishedFrom: $a }) { totalCount } }`, `{"a":{}}`, `variables.a: a single value of DateTime is needed here`},
		"a list in a scalar of ours":       {`query ($a: DateTime) { posts(filter: { publishedFrom: $a }) { totalCount } }`, `{"a":["2026-01-01T00:00:00Z"]}`, `variables.a: a single value of DateTime is needed here`},
		"what is right":                    {`query ($a: Int, $b: PostFilter, $c: PostOrder) { posts(first: $a, filter: $b, orderBy: $c) { totalCount } }`, `{"a":1,"b":{"tags":"x","kind":["PAGE"],"trashed":null},"c":{"field":"TITLE"}}`, ``},
		"null where nothing is needed":     {`query ($a: Int, $b: PostFilter) { posts(first: $a, filter: $b) { totalCount } }`, `{"a":null,"b":null}`, ``},
		"one value for a list":             {`query ($a: [ID!]!) { nodes(ids: $a) { id } }`, `{"a":"x"}`, ``},
		"a number in an ID":                {`query ($a: ID!) { node(id: $a) { id } }`, `{"a":7}`, ``},
		"null for a directive not at work": {`query ($a: Boolean) { __typename }`, `{}`, `Variable "$a" is never used.`},
		"a variable that nobody knows":     {`{ __typename }`, `{"a":{}}`, ``},
	} {
		var variables map[string]any
		if err := json.Unmarshal([]byte(test.variables), &variables); err != nil {
			t.Fatal(err)
		}
		got := w.post(t, test.query, variables)
		err := firstError(t, got)
		switch {
		case test.message == "" && (err != nil || got.Status != http.StatusOK):
			t.Errorf("%s: answered %d, %v", name, got.Status, err)
		case test.message == "":
		case err == nil || got.Status != http.StatusBadRequest || err.Extensions["code"] != string(logic.CodeValidationFailed):
			t.Errorf("%s: answered %d, %s", name, got.Status, got.Response)
		case !strings.HasPrefix(err.Message, test.message):
			t.Errorf("%s: %q does not begin with %q", name, err.Message, test.message)
		}
		if got.Statements > 0 && test.message != "" {
			t.Errorf("%s: something ran", name)
		}
	}
	if log := w.log.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("the log has:\n%s", log)
	}
}

func TestAllFaultsOfVariablesComeTogether(t *testing.T) {
	got := openWorld(t).post(t, `query ($a: Int, $b: PostFilter) { posts(first: $a, filter: $b) { totalCount } }`,
		map[string]any{"a": "1", "b": map[string]any{"tags": []any{1, 2}, "nope": 1}})
	if n := strings.Count(string(got.Response), `"message"`); n != 4 {
		t.Errorf("%d errors: %s", n, got.Response)
	}
}
