package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// language is how a server is asked, and what its answers mean.
type language interface {
	// request returns the request of a workload.
	request(w workload, p place) (*http.Request, error)
	// verify returns what looks at each of many answers: little, since it takes time of the load's core.
	verify(w workload) func(answer []byte) error
	// facts returns all that an answer says, in the shape of Headwater's data without the servers' own ids and cursors.
	facts(w workload, p place, answer []byte) (any, error)
	// page reads an answer to Q2.
	page(answer []byte) (page, error)
}

// graphQL is spoken by Headwater and the peers that are asked in the same words.
type graphQL struct {
	key string // secret, where the server wants one
}

func (g graphQL) request(w workload, p place) (*http.Request, error) {
	said := map[string]any{"query": w.query}
	if w.variables != nil {
		said["variables"] = w.variables(p)
	}
	request, err := post("/graphql", said)
	if err != nil {
		return nil, err
	}
	if w.needs == secretKey && g.key != "" {
		request.Header.Set("X-Api-Key", g.key)
	}
	if w.needs == address {
		request.Header.Set("X-Forwarded-For", p.reader)
	}
	return request, nil
}

func (graphQL) verify(w workload) func([]byte) error { return holds(w.name, w.holds) }

func (graphQL) facts(_ workload, _ place, answer []byte) (any, error) { return factsOf(answer) }

func (graphQL) page(answer []byte) (page, error) { return pageOf(answer) }

// plain is spoken by the floors: a path for each workload, and its variables as the body. The answers are those of GraphQL.
type plain struct{}

func (plain) request(w workload, p place) (*http.Request, error) {
	var said map[string]any
	if w.variables != nil {
		said = w.variables(p)
	}
	request, err := post(w.path(), said)
	if err == nil {
		request.Header.Set("X-Forwarded-For", p.reader)
	}
	return request, err
}

func (plain) verify(w workload) func([]byte) error { return holds(w.name, w.holds) }

func (plain) facts(_ workload, _ place, answer []byte) (any, error) { return factsOf(answer) }

func (plain) page(answer []byte) (page, error) { return pageOf(answer) }

func post(path string, said any) (*http.Request, error) {
	body, err := json.Marshal(said)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	return request, nil
}

func holds(name, part string) func([]byte) error {
	wanted, wrong := []byte(part), []byte(`"errors":`)
	return func(answer []byte) error {
		if !bytes.Contains(answer, wanted) || bytes.Contains(answer, wrong) {
			return fmt.Errorf("%s was answered by %.500s", name, answer)
		}
		return nil
	}
}

// factsOf returns the data of a GraphQL answer without what is each server's own.
func factsOf(answer []byte) (any, error) {
	var decoded struct {
		Data   map[string]any
		Errors []any
	}
	if err := json.Unmarshal(answer, &decoded); err != nil {
		return nil, fmt.Errorf("%w in %.500s", err, answer)
	}
	if len(decoded.Errors) > 0 || decoded.Data == nil {
		return nil, fmt.Errorf("answered by %.500s", answer)
	}
	return withoutOwn(decoded.Data), nil
}

// withoutOwn takes away ids and cursors, which every server makes as it likes.
func withoutOwn(value any) any {
	switch value := value.(type) {
	case map[string]any:
		delete(value, "id")
		delete(value, "endCursor")
		for name, field := range value {
			value[name] = withoutOwn(field)
		}
	case []any:
		for i, element := range value {
			value[i] = withoutOwn(element)
		}
	}
	return value
}
