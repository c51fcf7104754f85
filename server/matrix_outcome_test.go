package main

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// attempt is what came of one operation of one viewer.
type attempt struct {
	text   string
	answer answer
	absent answer // to the same of something that was never there; empty where nothing hidden was asked for
	err    error
}

var requestID = regexp.MustCompile(`"requestId":"[^"]*"`)

// tells is whether the answer tells something from what was never there.
func (a attempt) tells() bool {
	return requestID.ReplaceAllString(a.absent.body, "") != requestID.ReplaceAllString(a.answer.body, "")
}

// outcome returns the letter of matrix.txt for what came of an operation at a place of the type, and "?" for what has none.
func outcome(made attempt, kind *ast.Type) byte {
	if made.err != nil {
		return '?'
	}
	best := byte('-')
	for _, value := range behindIt(made.answer.Data) {
		letter := letterOf(value, kind)
		if letter == '+' || best == '-' {
			best = letter
		}
	}
	missing := best == '.' || best == '-'
	if errs := made.answer.Errors; len(errs) > 0 {
		if !missing {
			return '?'
		}
		return codeLetter(errs[0].Extensions.Code)
	}
	if codes := refusals(made.answer.Data); len(codes) > 0 && codes[0] != "" {
		return codeLetter(codes[0])
	}
	return best
}

func codeLetter(code string) byte {
	switch code {
	case "FORBIDDEN":
		return 'F'
	case "UNAUTHENTICATED":
		return 'U'
	case "NOT_FOUND":
		return 'N'
	}
	return '?'
}

// letterOf tells whether a value is there, and says anything.
func letterOf(value any, kind *ast.Type) byte {
	switch value := value.(type) {
	case nil:
		return '.'
	case []any:
		if len(value) == 0 && kind.Name() != "UserError" {
			return '0'
		}
		for _, element := range value {
			if element != nil {
				return '+'
			}
		}
		if len(value) > 0 {
			return '.'
		}
	case map[string]any:
		if nodes, ok := value["nodes"].([]any); ok && len(nodes) == 0 {
			return '0'
		}
	case json.Number:
		if value == "0" && kind.Name() == "Count" {
			return '0'
		}
	}
	return '+'
}

// behindIt returns every value that stands behind the alias "it".
func behindIt(value any) []any {
	var found []any
	switch value := value.(type) {
	case map[string]any:
		for name, child := range value {
			if name == "it" {
				found = append(found, child)
			} else {
				found = append(found, behindIt(child)...)
			}
		}
	case []any:
		for _, child := range value {
			found = append(found, behindIt(child)...)
		}
	}
	return found
}

// refusals returns the codes of all userErrors, empty ones where the code was not asked for.
func refusals(value any) []string {
	var codes []string
	switch value := value.(type) {
	case map[string]any:
		for name, child := range value {
			if list, ok := child.([]any); ok && name == "userErrors" {
				for _, fault := range list {
					code, _ := fault.(map[string]any)["code"].(string)
					codes = append(codes, code)
				}
			} else {
				codes = append(codes, refusals(child)...)
			}
		}
	case []any:
		for _, child := range value {
			codes = append(codes, refusals(child)...)
		}
	}
	return codes
}

// TestOutcome holds the letters to answers as they come.
func TestOutcome(t *testing.T) {
	t.Parallel()
	forbidden := `"errors": [{"message": "No.", "extensions": {"code": "FORBIDDEN"}}]`
	for body, want := range map[string]string{
		`{"data": {"post": {"it": "a title"}}}`:                                         "+String",
		`{"data": {"post": {"it": null}}}`:                                              ".String",
		`{"data": {"it": null}}`:                                                        ".Post",
		`{"data": {"post": null}}`:                                                      "-String",
		`{"data": {"users": {"edges": []}}}`:                                            "-String",
		`{"data": {"users": {"edges": [{"it": "a"}, {"it": null}]}}}`:                   "+String",
		`{"data": {"posts": {"it": []}}}`:                                               "0Post",
		`{"data": {"it": {"nodes": []}}}`:                                               "0PostConnection",
		`{"data": {"it": {"nodes": [{"id": "a"}]}}}`:                                    "+PostConnection",
		`{"data": {"posts": {"it": 0}}}`:                                                "0Count",
		`{"data": {"metrics": {"totals": {"it": 0}}}}`:                                  "+Float",
		`{"data": {"it": [null]}}`:                                                      ".Node",
		`{"data": {"it": null}, ` + forbidden + `}`:                                     "FClient",
		`{"data": {"client": null}, ` + forbidden + `}`:                                 "FString",
		`{` + forbidden + `}`:                                                           "F__Schema",
		`{"data": {"it": "a title"}, ` + forbidden + `}`:                                "?String",
		`{"errors": [{"extensions": {"code": "UNAUTHENTICATED"}}]}`:                     "UUserPayload",
		`{"errors": [{"extensions": {"code": "BAD_REQUEST"}}]}`:                         "?UserPayload",
		`{"data": {"it": {"userErrors": []}}}`:                                          "+UserPayload",
		`{"data": {"it": {"userErrors": [{"code": "NOT_FOUND"}]}}}`:                     "NUserPayload",
		`{"data": {"signOut": {"it": {"id": "a"}, "userErrors": [{"code": "TAKEN"}]}}}`: "?Viewer",
		`{"data": {"signOut": {"it": [], "userErrors": []}}}`:                           "+UserError",
		`{"data": {"recordEvents": {"userErrors": [{"it": "REQUIRED"}]}}}`:              "+UserErrorCode",
	} {
		given, err := readAnswer([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if got := outcome(attempt{answer: given}, ast.NamedType(want[1:], nil)); got != want[0] {
			t.Errorf("%s is %c, want %c", body, got, want[0])
		}
	}
}
