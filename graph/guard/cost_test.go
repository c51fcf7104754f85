package guard

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"headwater/logic"
)

func TestCost(t *testing.T) {
	t.Parallel()
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "blog.graphqls", Input: blogSchema})
	if err != nil {
		t.Fatal(err)
	}
	weights := Weights{
		Own:     map[string]int{"Post.html": 40},
		Lengths: map[string]int{"Post.headings": 300},
		Series:  map[string]Series{"Interval.MINUTE": {1, 1_500}, "Interval.DAY": {1_440, 1_096}},
	}
	tests := map[string]struct {
		reason    string
		query     string
		variables map[string]any
		want      int
	}{
		"a leaf":                {"one value", `{__typename}`, nil, 1},
		"an object":             {"itself and its fields", `{post(slug:"a"){id title}}`, nil, 4 + 2},
		"a page":                {"connection, nodes, five posts of one field", `{posts(first:5){nodes{id}}}`, nil, 4 + 1 + 5*5},
		"a page from the end":   {"last is as good as first", `{posts(last:5){nodes{id}}}`, nil, 4 + 1 + 5*5},
		"nodes and edges":       {"both are as long as the page", `{posts(first:5){nodes{id} edges{cursor node{id}}}}`, nil, 4 + 1 + 5*5 + 1 + 5*(4+1+4+1)},
		"no size":               {"the default", `{posts{nodes{id}}}`, nil, 4 + 1 + 20*5},
		"null":                  {"null is the default", `{posts(first:null){nodes{id}}}`, nil, 4 + 1 + 20*5},
		"a variable":            {"its value", `query($n:Int){posts(first:$n){nodes{id}}}`, map[string]any{"n": json.Number("7")}, 4 + 1 + 7*5},
		"a variable from Go":    {"its value", `query($n:Int){posts(first:$n){nodes{id}}}`, map[string]any{"n": 7}, 4 + 1 + 7*5},
		"a variable not given":  {"the default of the field", `query($n:Int){posts(first:$n){nodes{id}}}`, nil, 4 + 1 + 20*5},
		"a null variable":       {"the default of the field", `query($n:Int){posts(first:$n){nodes{id}}}`, map[string]any{"n": nil}, 4 + 1 + 20*5},
		"a variable's default":  {"the default of the variable", `query($n:Int=3){posts(first:$n){nodes{id}}}`, nil, 4 + 1 + 3*5},
		"a size past the limit": {"refused elsewhere", `{posts(first:2000000000){nodes{id}}}`, nil, 4 + 1 + 100*5},
		"a size below zero":     {"refused elsewhere", `{posts(first:-5){nodes{id}}}`, nil, 4 + 1},
		"a size in the schema":  {"related(first: 3)", `{post(slug:"a"){related{id}}}`, nil, 4 + 1 + 3*5},
		"a list without a size": {"ten", `{post(slug:"a"){tags{id}}}`, nil, 4 + 1 + 10*5},
		"a list with a weight":  {"as long as it gets", `{post(slug:"a"){headings{text}}}`, nil, 4 + 1 + 300*5},
		"as many as asked for":  {"two ids", `{nodes(ids:["a","b"]){id}}`, nil, 1 + 2*5},
		"more than are taken":   {"as many as are answered", `query($ids:[ID!]!){nodes(ids:$ids){id}}`, map[string]any{"ids": slices.Repeat([]any{"a"}, 5_000)}, 1 + 100*5},
		"as many in a variable": {"three ids", `query($ids:[ID!]!){nodes(ids:$ids){id}}`, map[string]any{"ids": []any{"a", "b", "c"}}, 1 + 3*5},
		"pages within pages":    {"multiply", `{posts(first:10){nodes{author{posts(first:10){nodes{id}}}}}}`, nil, 4 + 1 + 10*(4+4+4+1+10*5)},
		"fragments":             {"as if they were laid out", `{posts(first:5){...C}} fragment C on PostConnection{nodes{...P}} fragment P on Post{id}`, nil, 4 + 1 + 5*5},
		"a fragment in two pages": {"at each page's length", `{a:posts(first:5){...C} b:posts(first:7){...C}} fragment C on PostConnection{nodes{id}}`, nil,
			4 + 1 + 5*5 + 4 + 1 + 7*5},
		"inline fragments":               {"as if they were laid out", `{node(id:"a"){... on Post{id title}}}`, nil, 4 + 2},
		"a weight":                       {"for every object", `{posts(first:5){nodes{html}}}`, nil, 4 + 1 + 5*(4+40)},
		"a series":                       {"by day, twelve days of a day's longest length", `{metrics(range:{from:"2026-01-01",to:"2026-01-12"}){series{starts views}}}`, nil, 4 + 4 + 2*(1+14)},
		"a series by minute":             {"its interval", `{metrics(range:{from:"2026-01-01",to:"2026-01-01"}){series(interval:MINUTE){starts}}}`, nil, 4 + 4 + 1 + 1_500},
		"a series of a long range":       {"as long as it gets", `{metrics(range:{from:"2001-01-01",to:"2026-01-01"}){series(interval:MINUTE){starts}}}`, nil, 4 + 4 + 1 + 1_500},
		"a series of no range":           {"as long as it gets", `{metrics(range:{from:"yesterday",to:"2026-01-01"}){series{starts}}}`, nil, 4 + 4 + 1 + 1_096},
		"a series of a range to nowhere": {"as long as it gets", `{metrics(range:{from:"2026-01-01",to:"2025-01-01"}){series{starts}}}`, nil, 4 + 4 + 1 + 1_096},
		"a series by variables": {"their values", `query($r:RangeInput!,$i:Interval){metrics(range:$r){series(interval:$i){starts}}}`,
			map[string]any{"r": map[string]any{"from": "2026-01-01", "to": "2026-01-01"}, "i": "MINUTE"}, 4 + 4 + 1 + 1_500},
		"a series by an interval not given": {"the default of the field", `query($i:Interval){metrics(range:{from:"2026-01-01",to:"2026-01-12"}){series(interval:$i){starts}}}`, nil, 4 + 4 + 1 + 14},
		"a series by a null interval": {"as long as any gets", `query($i:Interval){metrics(range:{from:"2026-01-01",to:"2026-01-01"}){series(interval:$i){starts}}}`,
			map[string]any{"i": nil}, 4 + 4 + 1 + 1_500},
		"a series by variables within a range": {"their values", `query($d:String!){metrics(range:{from:$d,to:$d}){series(interval:MINUTE){starts}}}`, map[string]any{"d": "2026-01-01"}, 4 + 4 + 1 + 1_500},
		"a series of the range before":         {"as long as the range", `{metrics(range:{from:"2026-01-01",to:"2026-01-12"}){previous{series{views}}}}`, nil, 4 + 4 + 4 + 1 + 14},
		"a series in a fragment": {"at each range", `{a:metrics(range:{from:"2026-01-01",to:"2026-01-12"}){...M} b:metrics(range:{from:"2026-01-01",to:"2026-01-01"}){...M}} fragment M on Metrics{series{views}}`,
			nil, 4 + 4 + 1 + 14 + 4 + 4 + 1 + 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := mustLoad(t, parsed, test.query)
			variables, err := validator.VariableValues(parsed, document.Operations[0], test.variables)
			if err != nil {
				t.Fatal(err)
			}
			if got := cost(document.Operations[0], variables, weights); got != test.want {
				t.Errorf("cost is %d, not %d: %s", got, test.want, test.reason)
			}
		})
	}
}

func TestCostDoesNotOverflow(t *testing.T) {
	t.Parallel()
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "blog.graphqls", Input: blogSchema})
	if err != nil {
		t.Fatal(err)
	}
	query := "{post(slug:\"a\"){author{" + strings.Repeat("posts(first:100){nodes{author{", 40) + "id" + strings.Repeat("}", 123)
	document := mustLoad(t, parsed, query)
	if got := cost(document.Operations[0], nil, Weights{}); got != math.MaxInt32 {
		t.Errorf("cost is %d", got)
	}
}

// TestCostOfFragmentsIsRemembered would not end if every spread were counted anew.
func TestCostOfFragmentsIsRemembered(t *testing.T) {
	t.Parallel()
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "blog.graphqls", Input: blogSchema})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	text.WriteString(`{post(slug:"a"){...F0}} `)
	for i := range 60 {
		fmt.Fprintf(&text, "fragment F%d on Post { next { ...F%d } related { ...F%d } } ", i, i+1, i+1)
	}
	text.WriteString("fragment F60 on Post { title }")
	document := mustLoad(t, parsed, text.String())
	if got := cost(document.Operations[0], nil, Weights{}); got != math.MaxInt32 {
		t.Errorf("cost is %d", got)
	}
}

func TestTooCostlyIsRefused(t *testing.T) {
	t.Parallel()
	exec := newExecutor(t, DefaultLimits(), Weights{})
	tests := map[string]struct {
		query string
		want  logic.Code
	}{
		"a page of posts with all that belongs to them": {
			`{posts(first:100){nodes{id title html author{id name} tags{id slug} related{id title}} pageInfo{endCursor} totalCount}}`, ""},
		"a page of posts and the newest of each author": {`{posts(first:50){nodes{author{posts(first:20){nodes{id title}}}}}}`, ""},
		"posts of tags of posts of tags": {
			`{posts(first:100){nodes{tags{posts(first:100){nodes{tags{slug}}}}}}}`, logic.CodeTooComplex},
		"posts of authors of posts": {
			`{posts(first:100){nodes{author{posts(first:100){nodes{author{posts(first:100){nodes{id}}}}}}}}}`, logic.CodeTooComplex},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := answer(exec, test.query, nil)
			if got := codeOf(response); got != test.want {
				t.Errorf("code is %q, not %q: %v", got, test.want, response.Errors)
			}
		})
	}
}
