package graph_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/graph"
	"headwater/graph/bind"
	"headwater/graph/gen"
	"headwater/graph/guard"
	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/content/render"
	"headwater/logic/metric"
)

var operations = flag.Int("operations", 500, "how many random operations both executors answer")

// TestTheExecutorsAgree has the direct executor and gqlgen's answer the same random operations, some of whose resolvers fail or
// panic: the data is the same byte for byte, and so are the errors, but that below a parent that became null some may be missing.
func TestTheExecutorsAgree(t *testing.T) {
	w := openSample(t)
	w.mustUser(t, "reader", logic.RoleReader)
	limits := guard.DefaultLimits()
	limits.Errors = 10_000
	resolver := &faulty{ResolverRoot: graph.New(w.services)}
	quiet := slog.New(slog.DiscardHandler)
	ours := graph.NewExecutor(resolver, guard.New(limits, guard.DefaultWeights()), quiet, graph.Introspection{Anonymous: true})
	theirs := graph.NewGqlgenExecutor(resolver, guard.New(limits, guard.DefaultWeights()), quiet, graph.Introspection{Anonymous: true})
	gen := generator{random: rand.New(rand.NewPCG(1, uint64(*operations))), schema: gen.NewExecutableSchema(gen.Config{}).Schema(), pools: poolsOf(t, w)}

	var answered, failed, nulled, refused int
	for i := range *operations {
		query, variables := gen.operation()
		resolver.seed = uint64(i)
		resolver.often = []uint64{0, 40, 8}[i%3]
		ctx := anyone(t.Context())
		if i%2 == 0 {
			ctx = operator(t.Context())
		}
		got, gotRefused := perform(ctx, ours, query, variables)
		want, wantRefused := perform(ctx, theirs, query, variables)
		if gotRefused != wantRefused {
			t.Fatalf("one executor refuses what the other answers:\n%s\n%s", query, variables)
		}
		if gotRefused {
			refused++
			continue
		}
		answered++
		if len(want.Errors) > 0 {
			failed++
		}
		if string(want.Data) == "null" {
			nulled++
		}
		if string(got.Data) != string(want.Data) {
			t.Fatalf("%s\n%s\nwe answer\n%.2000s\ngqlgen answers\n%.2000s", query, variables, got.Data, want.Data)
		}
		if difference := differ(got.Errors, want.Errors, want.Data); difference != "" {
			t.Fatalf("%s\n%s\n%s\ndata: %.2000s", query, variables, difference, want.Data)
		}
	}
	t.Logf("%d answered, %d of them with errors, %d with no data at all; %d refused as too costly", answered, failed, nulled, refused)
	if answered < *operations*7/10 || failed < answered/10 || nulled == 0 {
		t.Error("the operations do not try enough")
	}
}

// perform answers an operation, or says that it was refused before anything ran.
func perform(ctx context.Context, executor graph.Executor, query string, variables map[string]any) (*graphql.Response, bool) {
	ctx = graphql.StartOperationTrace(ctx)
	operation, refused := executor.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: variables})
	if refused != nil {
		for _, err := range refused {
			if err.Extensions["code"] != string(logic.CodeTooComplex) {
				panic(fmt.Sprintf("the operation is wrong: %v\n%s", refused, query))
			}
		}
		return nil, true
	}
	respond, ctx := executor.DispatchOperation(ctx, operation)
	return respond(ctx), false
}

// differ says how the errors of the direct executor are not those of gqlgen's: empty where they are, but for some below a
// parent that became null, where one at least must be told.
func differ(got, want gqlerror.List, data []byte) string {
	key := func(err *gqlerror.Error) string {
		return fmt.Sprint(err.Path, err.Message, err.Extensions["code"], err.Extensions["field"], err.Locations)
	}
	ours, theirs := map[string]*gqlerror.Error{}, map[string]*gqlerror.Error{}
	for _, err := range got {
		ours[key(err)] = err
	}
	for _, err := range want {
		theirs[key(err)] = err
	}
	var answer any
	if err := json.Unmarshal(data, &answer); err != nil {
		return err.Error()
	}
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		if theirs[name] == nil {
			return "we alone tell " + name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(theirs)) {
		if ours[name] != nil {
			continue
		}
		parent, isBelow := nulledParent(answer, theirs[name].Path)
		told := slices.ContainsFunc(got, func(err *gqlerror.Error) bool { return strings.HasPrefix(err.Path.String(), parent.String()) })
		if !isBelow || !told {
			return "gqlgen alone tells " + name
		}
	}
	return ""
}

// nulledParent returns what stands above the place of path and is null in data.
func nulledParent(data any, path ast.Path) (ast.Path, bool) {
	for i, step := range path {
		if data == nil {
			return path[:i], i < len(path)
		}
		switch step := step.(type) {
		case ast.PathName:
			data = data.(map[string]any)[string(step)]
		case ast.PathIndex:
			data = data.([]any)[int(step)]
		}
	}
	return nil, false
}

// faulty resolves as what it holds does, but that some fields fail or panic: the same for the same seed.
type faulty struct {
	gen.ResolverRoot
	seed  uint64
	often uint64 // one of so many fails; never where it is 0
}

// trouble fails or panics for some of the places that it is asked about.
func (f *faulty) trouble(place ...any) error {
	if f.often == 0 {
		return nil
	}
	sum := fnv.New64a()
	fmt.Fprint(sum, f.seed, place)
	switch hash := sum.Sum64() >> 7; hash % f.often {
	case 0:
		switch hash / f.often % 4 {
		case 0:
			return fmt.Errorf("something broke")
		case 1:
			return logic.Fault(logic.CodeForbidden, "Not you.")
		case 2:
			return logic.Faults{logic.Invalid("wrong").At("one"), logic.Invalid("wrong").At("two")}
		}
		panic("something is not there")
	}
	return nil
}

func (f *faulty) Post() gen.PostResolver   { return faultyPost{f.ResolverRoot.Post(), f} }
func (f *faulty) Query() gen.QueryResolver { return faultyQuery{f.ResolverRoot.Query(), f} }
func (f *faulty) User() gen.UserResolver   { return faultyUser{f.ResolverRoot.User(), f} }
func (f *faulty) Tag() gen.TagResolver     { return faultyTag{f.ResolverRoot.Tag(), f} }
func (f *faulty) Mutation() gen.MutationResolver {
	return faultyMutation{f.ResolverRoot.Mutation(), f}
}
func (f *faulty) Metrics() gen.MetricsResolver { return faultyMetrics{f.ResolverRoot.Metrics(), f} }

type faultyPost struct {
	gen.PostResolver
	f *faulty
}

func (r faultyPost) HTML(ctx context.Context, obj *bind.Post) (string, error) {
	if err := r.f.trouble("html", obj.ID); err != nil {
		return "", err
	}
	return r.PostResolver.HTML(ctx, obj)
}

func (r faultyPost) Author(ctx context.Context, obj *bind.Post) (bind.User, error) {
	if err := r.f.trouble("author", obj.ID); err != nil {
		return bind.User{}, err
	}
	return r.PostResolver.Author(ctx, obj)
}

func (r faultyPost) Tags(ctx context.Context, obj *bind.Post) ([]bind.Tag, error) {
	if err := r.f.trouble("tags", obj.ID); err != nil {
		return nil, err
	}
	return r.PostResolver.Tags(ctx, obj)
}

func (r faultyPost) Headings(ctx context.Context, obj *bind.Post) ([]render.Heading, error) {
	if err := r.f.trouble("headings", obj.ID); err != nil {
		return nil, err
	}
	return r.PostResolver.Headings(ctx, obj)
}

func (r faultyPost) Next(ctx context.Context, obj *bind.Post) (*bind.Post, error) {
	if err := r.f.trouble("next", obj.ID); err != nil {
		return nil, err
	}
	return r.PostResolver.Next(ctx, obj)
}

func (r faultyPost) Views(ctx context.Context, obj *bind.Post) (*int64, error) {
	if err := r.f.trouble("views", obj.ID); err != nil {
		return nil, err
	}
	return r.PostResolver.Views(ctx, obj)
}

func (r faultyPost) URL(ctx context.Context, obj *bind.Post) (*string, error) {
	if err := r.f.trouble("url", obj.ID); err != nil {
		return nil, err
	}
	return r.PostResolver.URL(ctx, obj)
}

type faultyQuery struct {
	gen.QueryResolver
	f *faulty
}

func (r faultyQuery) Site(ctx context.Context) (content.Site, error) {
	if err := r.f.trouble("site"); err != nil {
		return content.Site{}, err
	}
	return r.QueryResolver.Site(ctx)
}

func (r faultyQuery) Nodes(ctx context.Context, ids []logic.ID) ([]logic.Node, error) {
	if err := r.f.trouble("nodes", ids); err != nil {
		return nil, err
	}
	return r.QueryResolver.Nodes(ctx, ids)
}

type faultyMutation struct {
	gen.MutationResolver
	f *faulty
}

func (r faultyMutation) ArchivePost(ctx context.Context, id logic.ID) (*gen.PostPayload, error) {
	if err := r.f.trouble("archivePost"); err != nil {
		return nil, err
	}
	return r.MutationResolver.ArchivePost(ctx, id)
}

func (r faultyMutation) DeleteMedia(ctx context.Context, id logic.ID) (*gen.DeleteMediaPayload, error) {
	if err := r.f.trouble("deleteMedia"); err != nil {
		return nil, err
	}
	return r.MutationResolver.DeleteMedia(ctx, id)
}

type faultyUser struct {
	gen.UserResolver
	f *faulty
}

func (r faultyUser) Email(ctx context.Context, obj *bind.User) (*string, error) {
	if err := r.f.trouble("email", obj.ID); err != nil {
		return nil, err
	}
	return r.UserResolver.Email(ctx, obj)
}

type faultyTag struct {
	gen.TagResolver
	f *faulty
}

func (r faultyTag) Posts(ctx context.Context, obj *bind.Tag, first *int, after *string, last *int, before *string, filter *content.PostFilter, orderBy *content.PostOrder) (bind.PostConnection, error) {
	if err := r.f.trouble("posts", obj.ID); err != nil {
		return bind.PostConnection{}, err
	}
	return r.TagResolver.Posts(ctx, obj, first, after, last, before, filter, orderBy)
}

type faultyMetrics struct {
	gen.MetricsResolver
	f *faulty
}

func (r faultyMetrics) Totals(ctx context.Context, obj *metric.Report) (metric.Totals, error) {
	if err := r.f.trouble("totals"); err != nil {
		return metric.Totals{}, err
	}
	return r.MetricsResolver.Totals(ctx, obj)
}
