package httpd

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/logic"
)

func TestOverload(t *testing.T) {
	t.Parallel()
	holding := newHeld()
	w := newWorld(t, func(s *setup) {
		s.limits.Running, s.limits.Queue, s.limits.Operation = 2, 1, time.Minute
		s.wrap = holding.wrap
	})
	var group sync.WaitGroup
	answers := make(chan answer, 3)
	for range 3 {
		group.Go(func() { answers <- w.post(t, `{"query":"{__typename}"}`) })
	}
	<-holding.arrived
	<-holding.arrived
	waitFor(t, func() bool { return w.server.reading.waiting.Load() == 1 })

	refused := w.post(t, `{"query":"{__typename}"}`)
	if refused.StatusCode != http.StatusServiceUnavailable || refused.Header.Get("Retry-After") == "" {
		t.Errorf("status %d, headers %v", refused.StatusCode, refused.Header)
	}
	checkAnswer(t, refused, logic.CodeOverloaded, "-")

	close(holding.letGo)
	group.Wait()
	for range 3 {
		if got := <-answers; got.StatusCode != http.StatusOK {
			t.Errorf("one that ran or waited got %d: %s", got.StatusCode, got.body)
		}
	}
	if got := w.post(t, `{"query":"{__typename}"}`); got.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %d", got.StatusCode)
	}
}

// TestSlowBodiesHoldNoPlace sends many requests whose bodies do not come, and one that is answered all the same.
func TestSlowBodiesHoldNoPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.limits.Running, s.limits.Queue = 1, 0 })
	address, _, _ := w.serve(t)
	for range 20 {
		dial(t, address, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	}
	w.url = "http://" + address
	if got := w.post(t, `{"query":"{__typename}"}`); got.StatusCode != http.StatusOK {
		t.Errorf("status is %d: %s", got.StatusCode, got.body)
	}
}

// TestClientThatLeaves gives up a request under way, and finds its place free.
func TestClientThatLeaves(t *testing.T) {
	t.Parallel()
	holding := newHeld()
	w := newWorld(t, func(s *setup) {
		s.limits.Running, s.limits.Queue, s.limits.Operation = 1, 0, time.Minute
		s.wrap = holding.wrap
	})
	ctx, leave := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, "POST", w.url+"/graphql", strings.NewReader(`{"query":"{posts{totalCount}}"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	ended := make(chan error, 1)
	go func() {
		response, err := http.DefaultTransport.RoundTrip(request)
		if err == nil {
			response.Body.Close()
		}
		ended <- err
	}()
	<-holding.arrived
	leave()
	if err := <-ended; err == nil {
		t.Error("an answer came")
	}
	waitFor(t, func() bool { return strings.Contains(w.log.String(), "status=499") })
	close(holding.letGo)
	if got := w.post(t, `{"query":"{__typename}"}`); got.StatusCode != http.StatusOK {
		t.Errorf("status is %d: %s", got.StatusCode, got.body)
	}
	if strings.Contains(w.log.String(), "level=ERROR") {
		t.Errorf("it was logged as an error: %s", w.log)
	}
}

// broken panics in place of carrying an operation out.
type broken struct{ graphql.GraphExecutor }

func (broken) CreateOperationContext(context.Context, *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	panic("the secret cause")
}

func TestPanicIsAnsweredAndLoggedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) {
		s.wrap = func(inner graphql.GraphExecutor) graphql.GraphExecutor { return broken{inner} }
	})
	for _, headers := range [][]string{{"Accept-Encoding", "identity"}, {"Accept-Encoding", "gzip"}} {
		before := strings.Count(w.log.String(), "the secret cause")
		got := w.post(t, `{"query":"{__typename}"}`, headers...)
		if got.StatusCode != http.StatusInternalServerError || strings.Contains(got.body, "secret") {
			t.Errorf("status %d: %s", got.StatusCode, got.body)
		}
		checkAnswer(t, got, logic.CodeInternal, "-")
		if n := strings.Count(w.log.String(), "the secret cause") - before; n != 1 {
			t.Errorf("logged %d times", n)
		}
	}
	if got := w.send(t, "GET", "/", ""); got.StatusCode != http.StatusInternalServerError || strings.Contains(got.body, "secret") {
		t.Errorf("front page: %d %s", got.StatusCode, got.body)
	}
	if err := w.server.reading.enter(t.Context()); err != nil || len(w.server.reading.slots) != 1 {
		t.Errorf("a place was lost: %d taken, %v", len(w.server.reading.slots)-1, err)
	}
}

// TestHostileDocuments sends what stock servers choke on, each a request that a stranger can write in a minute.
func TestHostileDocuments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.filled = true })
	var fragments strings.Builder
	for i := range "30 fragments that spread" {
		fragments.WriteString(strings.ReplaceAll("fragment F0 on Post{next{...F1} previous{...F1}} ", "F", "F"+strings.Repeat("x", i)))
	}
	tests := map[string]struct {
		query string
		want  logic.Code
	}{
		"selections that never close":  {strings.Repeat("{a", 500_000), logic.CodeTooComplex},
		"a deep list literal":          {"{posts(first:" + strings.Repeat("[", 200_000), logic.CodeTooComplex},
		"fragments that double":        {"{post(slug:\"a\"){...F0}} " + fragments.String(), ""},
		"one field 5,000 times":        {"{" + strings.Repeat("__typename ", 5_000) + "}", logic.CodeTooComplex},
		"one object field 3,000 times": {"{" + strings.Repeat("site{title} ", 3_000) + "}", logic.CodeTooComplex},
		"10,000 directives":            {"{__typename" + strings.Repeat(" @skip(if:false)", 10_000) + "}", logic.CodeTooComplex},
		"1,000 unknown directives":     {"{__typename" + strings.Repeat(" @x", 1_000) + "}", logic.CodeTooComplex},
		"100 unknown directives":       {"{__typename" + strings.Repeat(" @x", 100) + "}", logic.CodeValidationFailed},
		"tags of posts of tags of posts": {
			"{posts(first:100){nodes{tags{posts(first:100){nodes{tags{posts(first:100){nodes{title}}}}}}}}}", logic.CodeTooComplex},
		"posts of authors of posts, 15 levels deep": {
			"{posts{nodes{" + strings.Repeat("author{posts{nodes{", 5) + "title" + strings.Repeat("}", 18), logic.CodeTooComplex},
		"the text of many posts many times": {
			"{posts(first:100){nodes{a:html b:html c:html d:html e:html f:html}}}", logic.CodeTooComplex},
		"a year of figures many times": {
			"{" + repeat("a%:metrics(range:{from:\"2026-01-01\",to:\"2026-11-01\"}){series{views} top(dimension:PATH){views} topPosts{views} previous{topPosts{views}}} ", 30) + "}",
			logic.CodeTooComplex},
		"introspection that goes round": {"{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}", logic.CodeValidationFailed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := json.Marshal(map[string]string{"query": test.query})
			if err != nil {
				t.Fatal(err)
			}
			got := w.post(t, string(body))
			if len(got.body) > 20_000 {
				t.Errorf("the answer has %d bytes", len(got.body))
			}
			if test.want != "" {
				checkAnswer(t, got, test.want, "-")
			}
			if got.StatusCode != http.StatusBadRequest {
				t.Errorf("status is %d: %.300s", got.StatusCode, got.body)
			}
		})
	}
}

// repeat writes a text n times, with a number where it has a percent sign.
func repeat(text string, n int) string {
	var all strings.Builder
	for i := range n {
		all.WriteString(strings.ReplaceAll(text, "%", strings.Repeat("x", i)))
	}
	return all.String()
}

// TestToolsAreLetThrough sends what GraphiQL, code generators and frontends send.
func TestToolsAreLetThrough(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.filled = true })
	script := w.addScript(t)
	tests := map[string]string{
		"introspection": `query IntrospectionQuery{__schema{description queryType{name kind} mutationType{name kind} subscriptionType{name kind} types{...FullType} directives{name description isRepeatable locations args(includeDeprecated:true){...InputValue}}}}
fragment FullType on __Type{kind name description specifiedByURL isOneOf fields(includeDeprecated:true){name description args(includeDeprecated:true){...InputValue} type{...TypeRef} isDeprecated deprecationReason} inputFields(includeDeprecated:true){...InputValue} interfaces{...TypeRef} enumValues(includeDeprecated:true){name description isDeprecated deprecationReason} possibleTypes{...TypeRef}}
fragment InputValue on __InputValue{name description type{...TypeRef} defaultValue isDeprecated deprecationReason}
fragment TypeRef on __Type{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name}}}}}}}}}}`,
		"a hundred posts with all that belongs to them": `{posts(first:100){nodes{id slug title url excerpt html publishedAt readingMinutes headings{level text anchor} authors{id name} tags{id name slug postCount} related{title slug} next{slug} previous{slug} views} pageInfo{hasNextPage endCursor} totalCount}}`,
		"a dashboard": `{metrics(range:{from:"2026-10-26",to:"2026-11-24"}){totals{views visitors visits bounceRate secondsPerVisit events} previous{totals{views}} series{starts views visitors} byPath:top(dimension:PATH){value views} byReferrer:top(dimension:REFERRER){value views} byDevice:top(dimension:DEVICE){value views} byBrowser:top(dimension:BROWSER){value views} byOS:top(dimension:OS){value views} topPosts{title views post{slug}}}}`,
	}
	for name, query := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := json.Marshal(map[string]string{"query": query})
			if err != nil {
				t.Fatal(err)
			}
			got := w.post(t, string(body), script...)
			if got.StatusCode != http.StatusOK || strings.Contains(got.body, `"errors"`) {
				t.Errorf("status %d: %.500s", got.StatusCode, got.body)
			}
		})
	}
}
