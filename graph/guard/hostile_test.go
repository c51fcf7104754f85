package guard

import (
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"headwater/logic"
)

// maxWork is how much of a processor's time one document may take, with the race detector at work. What passes all limits and is
// slowest takes a tenth of it; what a limit lets through by mistake takes minutes.
const maxWork = 5 * time.Second

// work returns the processor's time that run takes, whatever else the machine does. No test may run beside it.
func work(t *testing.T, run func()) time.Duration {
	t.Helper()
	spent := func() time.Duration {
		var usage syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
			t.Fatal(err)
		}
		return time.Duration(usage.Utime.Nano())
	}
	before := spent()
	run()
	return spent() - before
}

func TestHostileDocuments(t *testing.T) {
	var fragments, cycle, ring strings.Builder
	for i := range 30 {
		fmt.Fprintf(&fragments, "fragment F%d on Post { next { ...F%d } next { ...F%d } } ", i, i+1, i+1)
		fmt.Fprintf(&cycle, "author { posts { nodes { ")
		fmt.Fprintf(&ring, "fragment R%d on Post { title next { ...R%d ...R%d } } ", i, (i+1)%30, (i+7)%30)
	}
	fragments.WriteString("fragment F30 on Post { title }")
	tests := map[string]struct {
		query string
		want  logic.Code
	}{
		"16 MB of selections that open and never close": {strings.Repeat("{a", 8<<20), logic.CodeTooComplex},
		"a list literal nested 200,000 deep":            {"{posts(first:" + strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000) + "){totalCount}}", logic.CodeTooComplex},
		"an object literal nested 200,000 deep":         {"{posts(filter:" + strings.Repeat("{nested:", 200_000), logic.CodeTooComplex},
		"a list type nested 200,000 deep":               {"query($a:" + strings.Repeat("[", 200_000), logic.CodeTooComplex},
		"inline fragments 5,000 deep":                   {strings.Repeat("{...", 5_000) + "{__typename" + strings.Repeat("}", 5_001), logic.CodeTooComplex},
		"30 fragments that spread the next twice":       {"{post(slug:\"a\"){...F0}} " + fragments.String(), logic.CodeTooComplex},
		"fragments in a ring":                           {"{post(slug:\"a\"){...R0}} " + ring.String(), logic.CodeTooComplex},
		"a fragment that spreads itself":                {"{post(slug:\"a\"){...A}} fragment A on Post { ...A next { ...A ...A } }", logic.CodeValidationFailed},
		"a cycle of lists 30 levels deep":               {"{post(slug:\"a\"){" + cycle.String() + "title" + strings.Repeat("}", 92), logic.CodeTooComplex},
		"5,000 of one field":                            {"{" + strings.Repeat("__typename ", 5_000) + "}", logic.CodeTooComplex},
		"3,000 object fields of one name":               {"{" + strings.Repeat("post(slug:\"a\"){title} ", 3_000) + "}", logic.CodeTooComplex},
		"10,000 directives on one field":                {"{__typename " + strings.Repeat("@skip(if:false) ", 10_000) + "}", logic.CodeTooComplex},
		"1,000 directives that there are not":           {"{__typename " + strings.Repeat("@nope ", 1_000) + "}", logic.CodeTooComplex},
		"10,000 aliases":                                {"{" + numbered("a%d:__typename ", 10_000) + "}", logic.CodeTooComplex},
		"200 aliases":                                   {"{post(slug:\"a\"){" + numbered("a%d:title ", 200) + "}}", logic.CodeTooComplex},
		"5,000 operations":                              {numbered("query Q%d {__typename} ", 5_000), logic.CodeTooComplex},
		"60 operations":                                 {numbered("query Q%d {__typename} ", 60), logic.CodeTooComplex},
		"1,000 fields that there are not":               {"{post(slug:\"a\"){" + numbered("f%d ", 1_000) + "}}", logic.CodeValidationFailed},
		"1,000 fragments that there are not":            {"{post(slug:\"a\"){" + numbered("...f%d ", 1_000) + "}}", logic.CodeValidationFailed},
		"1,000 variables that there are not":            {"{nodes(ids:[" + numbered("$v%d ", 1_000) + "]){id}}", logic.CodeValidationFailed},
		"1,000 arguments that there are not":            {"{post(" + numbered("a%d:1 ", 1_000) + "){id}}", logic.CodeValidationFailed},
		"one argument 1,000 times":                      {"{post(" + strings.Repeat("slug:\"a\" ", 1_000) + "){id}}", logic.CodeValidationFailed},
		"one input field 1,500 times":                   {"{posts(filter:{" + strings.Repeat("tags:[] ", 1_500) + "}){totalCount}}", logic.CodeValidationFailed},
		"one variable defined 1,500 times":              {"query(" + strings.Repeat("$a:Int ", 1_500) + "){posts(first:$a){totalCount}}", logic.CodeValidationFailed},
		"1,500 variables that nobody uses":              {"query(" + numbered("$a%d:Int ", 1_500) + "){__typename}", logic.CodeValidationFailed},
		"a name of 1 MB":                                {"{" + strings.Repeat("a", 1<<20) + "}", logic.CodeTooComplex},
		"a comment a line, 100,000 lines":               {strings.Repeat("#\n", 100_000) + "{__typename}", logic.CodeTooComplex},
		"a field at the root 31 times":                  {"{" + numbered("a%d:__typename ", 31) + "}", logic.CodeTooComplex},
		"introspection that goes round":                 {"{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}", logic.CodeValidationFailed},
		"introspection in a deep chain":                 {"{__schema{types{" + strings.Repeat("ofType{", 30) + "name" + strings.Repeat("}", 33), logic.CodeTooComplex},
		"nothing":                                       {"", logic.CodeParseFailed},
		"blanks and a comment":                          {" \n # nothing here", logic.CodeParseFailed},
		"an unfinished selection":                       {"{posts{nodes", logic.CodeParseFailed},
		"an unfinished string of 1 MB":                  {"{post(slug:\"" + strings.Repeat("a", 1<<20), logic.CodeParseFailed},
		"no GraphQL at all":                             {"SELECT * FROM posts", logic.CodeParseFailed},
		"a schema":                                      {"type Query { a: Int }", logic.CodeParseFailed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			exec := newExecutor(t, DefaultLimits(), Weights{})
			var response *graphql.Response
			took := work(t, func() { response = answer(exec, test.query, nil) })
			if got := codeOf(response); got != test.want {
				t.Errorf("code is %q, not %q: %v", got, test.want, response.Errors)
			}
			if took > maxWork {
				t.Errorf("took %v", took)
			}
			encoded, err := json.Marshal(response)
			if err != nil {
				t.Fatal(err)
			}
			if len(encoded) > 20_000 {
				t.Errorf("the answer has %d bytes", len(encoded))
			}
		})
	}
}

// TestSlowestAccepted runs what comes closest to the limits that validation's cost depends on, and is accepted or refused by
// validation itself.
func TestSlowestAccepted(t *testing.T) {
	tests := map[string]string{
		"one field as often as allowed":          "{" + strings.Repeat("__typename ", 30) + "}",
		"one leaf as often as allowed":           "{post(slug:\"a\"){" + strings.Repeat("title ", 100) + "}}",
		"one object as often as allowed, wide":   "{post(slug:\"a\"){" + strings.Repeat("next{"+strings.Repeat("title ", 13)+"}", 100) + "}}",
		"one object as often as allowed, deep":   "{post(slug:\"a\"){" + strings.Repeat("next{next{"+strings.Repeat("next{id}", 6)+"}}", 100) + "}}",
		"a tree of one field":                    "{post(slug:\"a\"){" + strings.Repeat("next{"+strings.Repeat("next{"+strings.Repeat("next{id} ", 4)+"} ", 4)+"} ", 30) + "}}",
		"different fields":                       "{post(slug:\"a\"){" + strings.Repeat("next{id title html author{id name} tags{id slug}}", 100) + "}}",
		"fragments that overlap":                 "{post(slug:\"a\"){" + numbered("...F%d ", 100) + "}} " + numbered("fragment F%d on Post {next{id title html} author{name} tags{slug}} ", 100),
		"fragments within fragments":             "{post(slug:\"a\"){...F0}} " + chain(400),
		"a list literal as long as allowed":      "{nodes(ids:[" + strings.Repeat("\"a\" ", 7_900) + "]){id}}",
		"values that are wrong":                  "{nodes(ids:[" + strings.Repeat("{} ", 3_900) + "]){id}}",
		"unknown names with suggestions to tell": "{post(slug:\"a\"){" + numbered("titl%d ", 1_400) + "}}",
	}
	for name, query := range tests {
		t.Run(name, func(t *testing.T) {
			exec := newExecutor(t, DefaultLimits(), Weights{})
			var response *graphql.Response
			took := work(t, func() { response = answer(exec, query, nil) })
			t.Logf("%v, %q", took, codeOf(response))
			if took > maxWork {
				t.Errorf("took %v", took)
			}
		})
	}
}

// chain returns n fragments of one field each, in which every one spreads the next.
func chain(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "fragment F%d on Post { id ...F%d } ", i, i+1)
	}
	fmt.Fprintf(&text, "fragment F%d on Post { title }", n)
	return text.String()
}

func numbered(format string, n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, format, i)
	}
	return text.String()
}
