package bind

import (
	"github.com/99designs/gqlgen/graphql"

	"headwater/logic"
)

// MarshalTextChange writes the text that a change leads to, null where it clears it.
func MarshalTextChange(change logic.TextChange) graphql.Marshaler {
	if change.Value == nil {
		return graphql.Null
	}
	return MarshalString(*change.Value)
}

// UnmarshalTextChange reads what is said of a text, which is asked only where something is: null clears it. INVALID for what is
// no text.
func UnmarshalTextChange(v any) (logic.TextChange, error) { return changeOf(v, UnmarshalString) }

// MarshalURLChange writes the address that a change leads to, null where it clears it.
func MarshalURLChange(change logic.TextChange) graphql.Marshaler { return MarshalTextChange(change) }

// UnmarshalURLChange reads what is said of an address, which is asked only where something is: null clears it. INVALID for what is
// no address.
func UnmarshalURLChange(v any) (logic.TextChange, error) { return changeOf(v, UnmarshalURL) }

// MarshalMediaChange writes the ID of the file that a change leads to, null where it clears it.
func MarshalMediaChange(change logic.MediaChange) graphql.Marshaler {
	if change.Value == nil {
		return graphql.Null
	}
	return MarshalMediaID(*change.Value)
}

// UnmarshalMediaChange reads what is said of a file, which is asked only where something is: null clears it. It never fails: what is
// no ID of a file is the zero key, which no file has.
func UnmarshalMediaChange(v any) (logic.MediaChange, error) {
	if v == nil {
		return logic.MediaChange{Given: true}, nil
	}
	id, err := UnmarshalMediaID(v)
	return logic.MediaChange{Given: true, Value: &id}, err
}

func changeOf(v any, read func(any) (string, error)) (logic.TextChange, error) {
	if v == nil {
		return logic.TextChange{Given: true}, nil
	}
	text, err := read(v)
	return logic.TextChange{Given: true, Value: &text}, err
}
