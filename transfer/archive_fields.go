package transfer

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// field is a name with its value in JSON.
type field struct {
	name  string
	value json.RawMessage
}

// topFields returns the fields of a JSON object, in order.
func topFields(object []byte) ([]field, error) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil { // the brace
		return nil, err
	}
	var fields []field
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		fields = append(fields, field{fmt.Sprint(name), value})
	}
	return fields, nil
}
