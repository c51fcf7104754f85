package guard

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"headwater/logic"
)

const blogSchema = `
interface Node { id: ID! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type Query {
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  post(slug: String!): Post
  metrics(range: RangeInput!): Metrics
  posts(first: Int, after: String, last: Int, before: String, filter: PostFilter = {}): PostConnection!
  searchPosts(query: String!, first: Int! = 20): PostConnection!
}
input RangeInput { from: String! to: String! }
enum Interval { MINUTE DAY }
type Metrics { previous: Metrics series(interval: Interval! = DAY): MetricSeries! }
type MetricSeries { starts: [String!]! views: [Int!]! }
type Heading { text: String! }
type Mutation { recordEvents(input: RecordEventsInput!): Recorded signIn(password: String): Recorded signUp(password: String): Recorded signOut: Recorded }
input RecordEventsInput { events: [EventInput!]! }
input EventInput { name: String path: String }
type Recorded { recorded: Int! }
input PostFilter { tags: [String!] nested: PostFilter }
type Post implements Node {
  id: ID! title: String! html: String! author: User! tags: [Tag!]! headings: [Heading!]! next: Post
  related(first: Int! = 3): [Post!]!
}
type User implements Node { id: ID! name: String! posts(first: Int, last: Int): PostConnection! }
type Tag implements Node { id: ID! slug: String! posts(first: Int, last: Int): PostConnection! }
type PostEdge { cursor: String! node: Post! }
type PostConnection { edges: [PostEdge!]! nodes: [Post!]! pageInfo: PageInfo! totalCount: Int! }
`

// schema is executable, and answers every accepted operation with an empty object: whether one is accepted is all that is
// looked at here.
type schema struct{ parsed *ast.Schema }

func (s schema) Schema() *ast.Schema { return s.parsed }

func (s schema) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (s schema) Exec(context.Context) graphql.ResponseHandler {
	return graphql.OneShot(&graphql.Response{Data: json.RawMessage(`{}`)})
}

// mustLoad returns a document that was validated against the schema.
func mustLoad(t testing.TB, parsed *ast.Schema, query string) *ast.QueryDocument {
	t.Helper()
	document, err := gqlparser.LoadQueryWithRules(parsed, query, rules.NewDefaultRules())
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func newExecutor(t testing.TB, limits Limits, weights Weights) *executor.Executor {
	t.Helper()
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "blog.graphqls", Input: blogSchema})
	if err != nil {
		t.Fatal(err)
	}
	guard := New(limits, weights)
	exec := executor.New(schema{parsed})
	exec.SetQueryCache(guard.Documents())
	exec.Use(guard)
	return exec
}

// answer sends a document through the executor as a transport does.
func answer(exec *executor.Executor, query string, variables map[string]any) *graphql.Response {
	return answerIn(context.Background(), exec, query, variables)
}

func answerIn(ctx context.Context, exec *executor.Executor, query string, variables map[string]any) *graphql.Response {
	ctx = graphql.StartOperationTrace(ctx)
	operation, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: variables})
	if len(errs) > 0 {
		return exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs)
	}
	responses, ctx := exec.DispatchOperation(ctx, operation)
	return responses(ctx)
}

func codeOf(response *graphql.Response) logic.Code {
	if len(response.Errors) == 0 {
		return ""
	}
	code, _ := response.Errors[0].Extensions["code"].(string)
	return logic.Code(code)
}

func TestRefusalNamesLimitAllowedAndFound(t *testing.T) {
	t.Parallel()
	limits := DefaultLimits()
	limits.Aliases = 2
	response := answer(newExecutor(t, limits, Weights{}), `{a:__typename b:__typename c:__typename}`, nil)
	want := "The document has too many aliases: at most 2 are allowed, and there are 3."
	if len(response.Errors) != 1 || response.Errors[0].Message != want {
		t.Errorf("answered %v, not %q", response.Errors, want)
	}
	limits.Fields = 2
	response = answer(newExecutor(t, limits, Weights{}), `{__typename ...on Query{b:__typename c:__typename}}`, nil)
	want = "The document has too many fields, with every fragment laid out where it is spread: at most 2 are allowed, and there are 3."
	if len(response.Errors) != 1 || response.Errors[0].Message != want {
		t.Errorf("answered %v, not %q", response.Errors, want)
	}
	if code := logic.CodeOf(response.Errors[0]); code != logic.CodeTooComplex {
		t.Errorf("the error's cause has code %q", code)
	}
}

func TestParseFailureHasPlace(t *testing.T) {
	t.Parallel()
	response := answer(newExecutor(t, DefaultLimits(), Weights{}), "{\n  posts(", nil)
	if len(response.Errors) != 1 || len(response.Errors[0].Locations) != 1 || response.Errors[0].Locations[0].Line != 2 {
		t.Errorf("answered %+v", response.Errors)
	}
}

func TestErrorsAreCapped(t *testing.T) {
	t.Parallel()
	limits := DefaultLimits()
	limits.Errors = 3
	response := answer(newExecutor(t, limits, Weights{}), "{post(slug:\"a\"){"+numbered("f%d ", 10)+"}}", nil)
	if len(response.Errors) != 4 {
		t.Fatalf("%d errors: %v", len(response.Errors), response.Errors)
	}
	last := response.Errors[3]
	if last.Message != "7 more errors are left out." || last.Extensions["code"] != string(logic.CodeValidationFailed) {
		t.Errorf("the last error is %+v", last)
	}
}

func TestLongMessageIsCut(t *testing.T) {
	t.Parallel()
	response := answer(newExecutor(t, DefaultLimits(), Weights{}), `query($p:PostFilter){posts(filter:$p){totalCount}}`,
		map[string]any{"p": map[string]any{strings.Repeat("ä", 10_000): 1}})
	if codeOf(response) != logic.CodeValidationFailed {
		t.Fatalf("answered %+v", response)
	}
	response = answer(newExecutor(t, DefaultLimits(), Weights{}), `{posts(first:"`+strings.Repeat("ä", 10_000)+`"){totalCount}}`, nil)
	if len(response.Errors) == 0 || len(response.Errors[0].Message) > maxMessage+len("…") {
		t.Errorf("a message of %d bytes", len(response.Errors[0].Message))
	}
}

func TestAcceptedDocumentIsRemembered(t *testing.T) {
	t.Parallel()
	guard := New(DefaultLimits(), Weights{})
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "blog.graphqls", Input: blogSchema})
	if err != nil {
		t.Fatal(err)
	}
	exec := executor.New(schema{parsed})
	exec.SetQueryCache(guard.Documents())
	exec.Use(guard)
	for query, want := range map[string]bool{`{__typename}`: true, `{nope}`: false, `{`: false} {
		answer(exec, query, nil)
		if _, got := guard.Documents().Get(t.Context(), query); got != want {
			t.Errorf("remembered %s: %v, not %v", query, got, want)
		}
	}
}

func TestWeightOfUnknownField(t *testing.T) {
	t.Parallel()
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "blog.graphqls", Input: blogSchema})
	if err != nil {
		t.Fatal(err)
	}
	for name, wantErr := range map[string]bool{"Post.html": false, "Post.htm": true, "Pots.html": true, "": true} {
		for _, weights := range []Weights{{Own: map[string]int{name: 5}}, {Lengths: map[string]int{name: 5}}, {Once: []string{name}}} {
			if err := New(DefaultLimits(), weights).Validate(schema{parsed}); (err != nil) != wantErr {
				t.Errorf("weight of %q: %v", name, err)
			}
		}
	}
	for name, wantErr := range map[string]bool{"Interval.DAY": false, "Interval.DAYS": true, "Intervals.DAY": true, "": true} {
		if err := New(DefaultLimits(), Weights{Series: map[string]Series{name: {}}}).Validate(schema{parsed}); (err != nil) != wantErr {
			t.Errorf("series of %q: %v", name, err)
		}
	}
}
