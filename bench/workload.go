package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// workload is one kind of request, asked by nobody where nothing is said. args makes the arguments of each of them; check looks
// at an answer.
type workload struct {
	name  string
	by    asker
	query string
	args  func(random *rand.Rand, size size) map[string]any
	check func(answer []byte) error
}

var workloads = []workload{
	{
		name:  "typename",
		query: `query Typename { __typename }`,
		args:  func(*rand.Rand, size) map[string]any { return nil },
		check: holds(`"__typename":"Query"`),
	},
	{
		name:  "typename",
		by:    script,
		query: `query Typename { __typename }`,
		args:  func(*rand.Rand, size) map[string]any { return nil },
		check: holds(`"__typename":"Query"`),
	},
	{
		name:  "typename",
		by:    person,
		query: `query Typename { __typename }`,
		args:  func(*rand.Rand, size) map[string]any { return nil },
		check: holds(`"__typename":"Query"`),
	},
	{
		name: "newest 20",
		query: `query Newest($before: DateTime!) {
			posts(first: 20, filter: { publishedBefore: $before }) {
				nodes { id slug title publishedAt authors { name username } tags { name slug } views }
				pageInfo { hasNextPage endCursor }
			}
		}`,
		args: func(random *rand.Rand, size size) map[string]any {
			return map[string]any{"before": publishedAt(20 + random.IntN(size.posts-20)).Time().Format(time.RFC3339)}
		},
		check: counts(`"slug":"post-`, 20),
	},
	{
		name: "one post",
		query: `query Post($slug: String!) {
			post(slug: $slug) {
				id title html wordCount publishedAt authors { name username } tags { name slug postCount }
				headings { level text anchor } views next { slug title } previous { slug title }
			}
		}`,
		args: func(random *rand.Rand, size size) map[string]any {
			return map[string]any{"slug": slugOf(random.IntN(size.posts))}
		},
		check: holds(`"html":"`),
	},
	{
		name: "thirty days",
		by:   script,
		query: `query Days($range: RangeInput!) {
			metrics(range: $range) {
				totals { views visitors visits bounceRate secondsPerVisit }
				series(interval: DAY) { starts views visitors }
			}
		}`,
		args: func(random *rand.Rand, size size) map[string]any {
			to := time.Now().UTC().AddDate(0, 0, -random.IntN(60))
			return map[string]any{"range": map[string]any{
				"from": to.AddDate(0, 0, -29).Format(time.DateOnly), "to": to.Format(time.DateOnly),
			}}
		},
		check: counts(`T00:00:00.000Z"`, 30),
	},
	{
		name: "thirty days, top ten",
		by:   script,
		query: `query Top($range: RangeInput!) {
			metrics(range: $range) {
				totals { views visitors }
				topPosts(first: 10) { title views post { slug } }
				top(dimension: REFERRER, first: 10) { value views }
			}
		}`,
		args: func(random *rand.Rand, size size) map[string]any {
			to := time.Now().UTC().AddDate(0, 0, -random.IntN(60))
			return map[string]any{"range": map[string]any{
				"from": to.AddDate(0, 0, -29).Format(time.DateOnly), "to": to.Format(time.DateOnly),
			}}
		},
		check: counts(`"slug":"post-`, 10),
	},
	{
		name: "search",
		query: `query Search($query: String!) {
			searchPosts(query: $query, first: 10) { edges { snippet node { slug title } } }
		}`,
		args: func(random *rand.Rand, _ size) map[string]any {
			return map[string]any{"query": vocabulary[random.IntN(len(vocabulary))] + " " + vocabulary[random.IntN(len(vocabulary))]}
		},
		check: holds(`"snippet":"`),
	},
	{
		name:  "record a view",
		query: `mutation Record($input: RecordEventsInput!) { recordEvents(input: $input) { recorded userErrors { message } } }`,
		args: func(random *rand.Rand, size size) map[string]any {
			return map[string]any{"input": map[string]any{"events": []any{
				map[string]any{"path": "/blog/" + slugOf(random.IntN(size.posts)), "referrer": "https://example.com/"},
			}}}
		},
		check: holds(`"recorded":1,"userErrors":[]`),
	},
}

// bodies returns count requests, the same for the same seed.
func (w workload) bodies(size size, count int) [][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	bodies := make([][]byte, count)
	for i := range bodies {
		body, err := json.Marshal(map[string]any{"query": w.query, "variables": w.args(random, size)})
		if err != nil {
			panic(err) // maps of texts and numbers always have a JSON form
		}
		bodies[i] = body
	}
	return bodies
}

func (w workload) verify(answer []byte) error {
	if strings.Contains(string(answer), `"errors"`) {
		return fmt.Errorf("%s: answered with an error: %.300s", w.name, answer)
	}
	if err := w.check(answer); err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	return nil
}

func holds(part string) func([]byte) error {
	return func(answer []byte) error {
		if !strings.Contains(string(answer), part) {
			return fmt.Errorf("no %s in %.300s", part, answer)
		}
		return nil
	}
}

func counts(part string, want int) func([]byte) error {
	return func(answer []byte) error {
		if got := strings.Count(string(answer), part); got != want {
			return fmt.Errorf("%s stands %d times, not %d, in %.300s", part, got, want, answer)
		}
		return nil
	}
}
