package guard

import (
	"strings"

	"headwater/logic"
)

// lexical is what one pass over the bytes of a document finds.
type lexical struct {
	tokens, nesting, nameLength int
}

// checkBytes refuses a document that would take the parser deep or long. It reads each byte once, keeps nothing, and takes
// every text: what is no GraphQL is left for the parser to refuse, with a place.
func checkBytes(document string, limits Limits) *logic.Error {
	found := scan(document)
	switch {
	case found.nesting > limits.Nesting:
		return tooDeep("nests", limits.Nesting, found.nesting)
	case found.tokens > limits.Tokens:
		return tooComplex("tokens", limits.Tokens, found.tokens)
	case found.nameLength > limits.NameLength:
		return logic.Fault(logic.CodeTooComplex, "The document has a name that is too long: at most %d bytes are allowed, and there are %d.",
			limits.NameLength, found.nameLength)
	}
	return nil
}

// scan counts to the end of the document, since a refusal names what was found: no more than a pass over a body's bytes.
func scan(document string) lexical {
	var found lexical
	open := 0
	for at := 0; at < len(document); {
		end := at + 1
		switch c := document[at]; {
		case c == ' ' || c == ',' || c == '\t' || c == '\n' || c == '\r':
			at = end
			continue
		case c == 0xef && strings.HasPrefix(document[at:], "\ufeff"):
			at += len("\ufeff")
			continue
		case c == '#':
			end = commentEnd(document, at)
		case c == '"':
			end = stringEnd(document, at)
		case c == '.' && strings.HasPrefix(document[at:], "..."):
			end = at + 3
		case isNameStart(c):
			end = nameEnd(document, at)
			found.nameLength = max(found.nameLength, end-at)
		case c == '-' || '0' <= c && c <= '9':
			end = numberEnd(document, at)
		case c == '{' || c == '[' || c == '(':
			open++
			found.nesting = max(found.nesting, open)
		case c == '}' || c == ']' || c == ')':
			open = max(open-1, 0)
		}
		found.tokens++
		at = end
	}
	return found
}

// commentEnd returns where the comment ends that begins at the given place: at a line's end, and at a control character,
// which no document may hold.
func commentEnd(document string, at int) int {
	for at++; at < len(document); at++ {
		if c := document[at]; c < ' ' && c != '\t' {
			break
		}
	}
	return at
}

// stringEnd returns where the string or block string ends that begins at the given place. One without an end takes all that
// is left, as the parser has it; a plain string ends with its line too.
func stringEnd(document string, at int) int {
	if strings.HasPrefix(document[at:], `"""`) {
		return blockStringEnd(document, at+3)
	}
	for at++; at < len(document); at++ {
		switch document[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		case '\n', '\r':
			return at
		}
	}
	return len(document)
}

func blockStringEnd(document string, at int) int {
	for at < len(document) {
		quote := strings.IndexByte(document[at:], '"')
		if quote < 0 {
			return len(document)
		}
		quote += at
		end := quote
		for end < len(document) && document[end] == '"' {
			end++
		}
		escaped := quote > at && document[quote-1] == '\\'
		switch {
		case escaped && end-quote >= 3:
			at = quote + 3 // \""" stands for three quotes
		case end-quote >= 3:
			return end
		default:
			at = end
		}
	}
	return len(document)
}

func isNameStart(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func nameEnd(document string, at int) int {
	for at < len(document) && (isNameStart(document[at]) || '0' <= document[at] && document[at] <= '9') {
		at++
	}
	return at
}

// numberEnd returns where the number ends that begins at the given place: sign, digits, fraction, exponent.
func numberEnd(document string, at int) int {
	at = digitsEnd(document, at+1)
	if at < len(document) && document[at] == '.' {
		at = digitsEnd(document, at+1)
	}
	if at < len(document) && (document[at] == 'e' || document[at] == 'E') {
		at++
		if at < len(document) && (document[at] == '+' || document[at] == '-') {
			at++
		}
		at = digitsEnd(document, at)
	}
	return at
}

func digitsEnd(document string, at int) int {
	for at < len(document) && '0' <= document[at] && document[at] <= '9' {
		at++
	}
	return at
}
