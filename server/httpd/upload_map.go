package httpd

import (
	"net/http"
	"strconv"
	"strings"
)

// maxMap is the greatest map of a request with a file, in bytes: it has one entry.
const maxMap = 4 << 10

// decodeMap returns the name of the part that the file of a request is, and the path of the variable that it belongs to.
func decodeMap(text []byte) (name, path string, refused *rejection) {
	refused = reject(http.StatusBadRequest, `map must be a JSON object with the name of one file and a list of one path, as {"0": ["variables.file"]}.`)
	if jsonNesting(text) > 2 {
		return "", "", refused
	}
	value, err := decodeJSON(text)
	if err != nil {
		return "", "", refused
	}
	entries, _ := value.(map[string]any)
	if len(entries) != 1 {
		return "", "", refused
	}
	for name, value := range entries {
		paths, _ := value.([]any)
		if len(paths) != 1 {
			return "", "", refused
		}
		if path, ok := paths[0].(string); ok {
			return name, path, nil
		}
	}
	return "", "", refused
}

// placeOf returns what puts a value where path leads to, as variables.input.file or variables.files.0: to a null among the variables.
func placeOf(variables map[string]any, path string) (put func(any), ok bool) {
	names := strings.Split(path, ".")
	if names[0] != "variables" {
		return nil, false
	}
	var at any = variables
	for _, name := range names[1:] {
		switch here := at.(type) {
		case map[string]any:
			if at, ok = here[name]; !ok {
				return nil, false
			}
			put = func(value any) { here[name] = value }
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(here) || strconv.Itoa(i) != name {
				return nil, false
			}
			at, put = here[i], func(value any) { here[i] = value }
		default:
			return nil, false
		}
	}
	return put, put != nil && at == nil
}
