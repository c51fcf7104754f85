package httpd

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"headwater/logic"
)

// rejection is a request that is not a well-formed GraphQL-over-HTTP request: the status it is answered with, and why.
type rejection struct {
	status int
	faults logic.Faults
}

// Error says what is wrong.
func (r *rejection) Error() string { return r.faults.Error() }

func reject(status int, format string, args ...any) *rejection {
	return &rejection{status, logic.Faults{logic.Fault(logic.CodeBadRequest, format, args...)}}
}

// readPost reads the parameters of a POST request from its body.
func readPost(w http.ResponseWriter, r *http.Request, limits Limits) (*graphql.RawParams, *rejection) {
	if refused := checkContent(r.Header); refused != nil {
		return nil, refused
	}
	if r.ContentLength > int64(limits.Body) {
		w.Header().Set("Connection", "close")
		return nil, tooLarge(limits)
	}
	body, err := readBody(w, r, limits)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, tooLarge(limits)
	}
	if err != nil {
		w.Header().Set("Connection", "close")
		return nil, reject(http.StatusBadRequest, "The body could not be read to its end.")
	}
	return decodeBody(body, limits.Nesting)
}

// readBody reads a body, a short one at once. What a long one promises to be takes memory only as it comes.
func readBody(w http.ResponseWriter, r *http.Request, limits Limits) ([]byte, error) {
	if r.ContentLength < 0 || r.ContentLength > keptFrom {
		return io.ReadAll(http.MaxBytesReader(w, r.Body, int64(limits.Body)))
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}

func tooLarge(limits Limits) *rejection {
	return reject(http.StatusRequestEntityTooLarge, "The body is too large: at most %d bytes are taken.", limits.Body)
}

// checkContent refuses a body in anything but plain JSON in UTF-8.
func checkContent(header http.Header) *rejection {
	if encoding := header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return reject(http.StatusUnsupportedMediaType, "The body must not be compressed.")
	}
	if len(header["Content-Type"]) > 1 {
		return reject(http.StatusUnsupportedMediaType, "There must be one Content-Type.")
	}
	if isPlain(header) {
		return nil
	}
	media, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || media != mediaJSON {
		return reject(http.StatusUnsupportedMediaType, "The body must be JSON, Content-Type: application/json, or bring a file, Content-Type: multipart/form-data.")
	}
	if !charsetIsUTF8(parameters) {
		return reject(http.StatusUnsupportedMediaType, "The body must be in UTF-8.")
	}
	return nil
}

// decodeBody reads the parameters from a JSON object. Members that it does not know are passed over, as the specification
// reserves them.
func decodeBody(body []byte, nesting int) (*graphql.RawParams, *rejection) {
	if !utf8.Valid(body) {
		return nil, reject(http.StatusBadRequest, "The body is not UTF-8.")
	}
	if depth := jsonNesting(body); depth > nesting {
		return nil, reject(http.StatusBadRequest, "The body nests too deeply: at most %d levels are taken, and there are %d.", nesting, depth)
	}
	value, err := decodeJSON(body)
	switch {
	case errors.Is(err, errTwice):
		return nil, reject(http.StatusBadRequest, "A member of an object in the body stands there twice.")
	case errors.Is(err, errBehind):
		return nil, reject(http.StatusBadRequest, "There is something behind the JSON object.")
	case err != nil:
		return nil, notJSON(err)
	}
	members, ok := value.(map[string]any)
	if !ok {
		return nil, reject(http.StatusBadRequest, "The body must be one JSON object; several operations in one request are not taken.")
	}
	return parameters(members)
}

// notJSON names the place of a fault, and nothing of what stands there.
func notJSON(err error) *rejection {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return reject(http.StatusBadRequest, "The body is not JSON, at byte %d.", syntax.Offset)
	}
	return reject(http.StatusBadRequest, "The body is not JSON: it ends too early.")
}

// parameters checks the members of a request. All faults come together.
func parameters(members map[string]any) (*graphql.RawParams, *rejection) {
	var params graphql.RawParams
	var faults logic.Faults
	fault := func(message string) { faults.Add(logic.Fault(logic.CodeBadRequest, "%s", message)) }
	ok := true
	if params.Query, ok = members["query"].(string); !ok {
		fault("query must be there, and be a string.")
	}
	if value := members["operationName"]; value != nil {
		if params.OperationName, ok = value.(string); !ok {
			fault("operationName must be a string or null.")
		}
	}
	if value := members["variables"]; value != nil {
		if params.Variables, ok = value.(map[string]any); !ok {
			fault("variables must be an object or null.")
		}
	}
	if value := members["extensions"]; value != nil {
		if params.Extensions, ok = value.(map[string]any); !ok {
			fault("extensions must be an object or null.")
		}
	}
	if len(faults) > 0 {
		return nil, &rejection{http.StatusBadRequest, faults}
	}
	return &params, nil
}

// readGet reads the parameters of a GET request from its address, where variables and extensions are JSON texts.
func readGet(address *url.URL, nesting int) (*graphql.RawParams, *rejection) {
	values, err := url.ParseQuery(address.RawQuery)
	if err != nil {
		return nil, reject(http.StatusBadRequest, "The address is not well-formed.")
	}
	members := map[string]any{}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		given := values[name]
		if len(given) > 1 {
			return nil, reject(http.StatusBadRequest, "%s stands in the address twice.", name)
		}
		if len(given) == 0 {
			continue
		}
		if !utf8.ValidString(given[0]) {
			return nil, reject(http.StatusBadRequest, "%s is not UTF-8.", name)
		}
		switch name {
		case "query", "operationName":
			members[name] = given[0]
		default:
			value, refused := decodeText(name, given[0], nesting)
			if refused != nil {
				return nil, refused
			}
			members[name] = value
		}
	}
	return parameters(members)
}

// decodeText reads a JSON text out of an address; an empty one is left out.
func decodeText(name, text string, nesting int) (any, *rejection) {
	if text == "" {
		return nil, nil
	}
	if depth := jsonNesting([]byte(text)); depth > nesting {
		return nil, reject(http.StatusBadRequest, "%s nests too deeply: at most %d levels are taken, and there are %d.", name, nesting, depth)
	}
	value, err := decodeJSON([]byte(text))
	switch {
	case errors.Is(err, errTwice):
		return nil, reject(http.StatusBadRequest, "A member of an object in %s stands there twice.", name)
	case errors.Is(err, errBehind):
		return nil, reject(http.StatusBadRequest, "There is something behind the JSON of %s.", name)
	case err != nil:
		return nil, reject(http.StatusBadRequest, "%s is not JSON.", name)
	}
	return value, nil
}
