package httpd

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// What encoding/json takes without a word.
var (
	errTwice  = errors.New("a member stands there twice")
	errBehind = errors.New("something stands behind the value")
)

// decodeJSON reads one JSON value, with numbers as json.Number. A member that stands twice in one object, at any depth, is
// errTwice: two programs would read it differently. What is behind the value is errBehind. Its recursion is as deep as the
// text nests, so that jsonNesting has to come first.
func decodeJSON(text []byte) (any, error) {
	if value, ok := plainJSON(text); ok {
		return value, nil
	}
	return decodeAnyJSON(text)
}

// decodeAnyJSON is decodeJSON for all that there is.
func decodeAnyJSON(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	value, err := decodeValue(decoder)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errBehind
	}
	return value, nil
}

func decodeValue(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('['):
		return decodeArray(decoder)
	case json.Delim('{'):
		return decodeObject(decoder)
	}
	return token, nil
}

func decodeArray(decoder *json.Decoder) (any, error) {
	array := []any{}
	for decoder.More() {
		value, err := decodeValue(decoder)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	_, err := decoder.Token()
	return array, err
}

func decodeObject(decoder *json.Decoder) (any, error) {
	object := map[string]any{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // the decoder takes nothing else for a name
		if _, twice := object[name]; twice {
			return nil, errTwice
		}
		if object[name], err = decodeValue(decoder); err != nil {
			return nil, err
		}
	}
	_, err := decoder.Token()
	return object, err
}

// jsonNesting returns how many objects and arrays stand open at once, in one pass over the bytes and before anything recurses
// over them. What is no JSON is counted all the same.
func jsonNesting(text []byte) int {
	open, most := 0, 0
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '"':
			for at++; at < len(text) && text[at] != '"'; at++ {
				if text[at] == '\\' {
					at++
				}
			}
		case '{', '[':
			open++
			most = max(most, open)
		case '}', ']':
			open = max(open-1, 0)
		}
	}
	return most
}
