package httpd

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// plainJSON reads JSON as decodeJSON does, in a quarter of its time, and returns false for all that it leaves to it: what is at fault, and
// strings with other escapes than the shortest. Its recursion is as deep as the text nests.
func plainJSON(text []byte) (any, bool) {
	scan := plainScan{text: text}
	value, ok := scan.value()
	return value, ok && scan.next() == 0 && scan.at == len(text)
}

// plainScan is a walk through JSON, which never goes on behind what it does not know.
type plainScan struct {
	text []byte
	at   int
}

// next returns the next byte that is no white space; 0 at the end.
func (s *plainScan) next() byte {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// take passes over a byte, where it is the next.
func (s *plainScan) take(c byte) bool {
	if s.next() != c {
		return false
	}
	s.at++
	return true
}

func (s *plainScan) value() (any, bool) {
	switch s.next() {
	case '{':
		return s.object()
	case '[':
		return s.array()
	case '"':
		return s.string()
	case 't':
		return true, s.word("true")
	case 'f':
		return false, s.word("false")
	case 'n':
		return nil, s.word("null")
	}
	return s.number()
}

func (s *plainScan) word(word string) bool {
	if !bytes.HasPrefix(s.text[s.at:], []byte(word)) {
		return false
	}
	s.at += len(word)
	return true
}

func (s *plainScan) object() (any, bool) {
	object := map[string]any{}
	s.at++
	if s.take('}') {
		return object, true
	}
	for {
		if s.next() != '"' {
			return nil, false
		}
		name, ok := s.string()
		if !ok || !s.take(':') {
			return nil, false
		}
		if _, twice := object[name]; twice {
			return nil, false
		}
		if object[name], ok = s.value(); !ok {
			return nil, false
		}
		if s.take('}') {
			return object, true
		}
		if !s.take(',') {
			return nil, false
		}
	}
}

func (s *plainScan) array() (any, bool) {
	array := []any{}
	s.at++
	if s.take(']') {
		return array, true
	}
	for {
		value, ok := s.value()
		if !ok {
			return nil, false
		}
		array = append(array, value)
		if s.take(']') {
			return array, true
		}
		if !s.take(',') {
			return nil, false
		}
	}
}

// shortEscapes are the bytes that stand behind \ for others.
var shortEscapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// string reads a string, at whose first quote it stands.
func (s *plainScan) string() (string, bool) {
	s.at++
	start, escaped, ascii := s.at, 0, true
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '"':
			text := s.text[start:s.at]
			s.at++
			return unescaped(text, escaped), ascii || utf8.Valid(text)
		case c < ' ':
			return "", false
		case c == '\\':
			s.at++
			if s.at == len(s.text) || shortEscapes[s.text[s.at]] == 0 {
				return "", false
			}
			escaped++
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", false
}

// unescaped returns a text with so many short escapes as it is meant.
func unescaped(text []byte, escaped int) string {
	if escaped == 0 {
		return string(text)
	}
	meant := make([]byte, 0, len(text)-escaped)
	for at := 0; at < len(text); at++ {
		c := text[at]
		if c == '\\' {
			at++
			c = shortEscapes[text[at]]
		}
		meant = append(meant, c)
	}
	return string(meant)
}

// number reads a number by its grammar.
func (s *plainScan) number() (any, bool) {
	start := s.at
	s.sign("-")
	if whole := s.digits(); whole == 0 || whole > 1 && s.text[s.at-whole] == '0' {
		return nil, false
	}
	if s.sign(".") && s.digits() == 0 {
		return nil, false
	}
	if s.sign("eE") {
		s.sign("+-")
		if s.digits() == 0 {
			return nil, false
		}
	}
	return json.Number(s.text[start:s.at]), true
}

// sign passes over one of some bytes, where it stands there.
func (s *plainScan) sign(of string) bool {
	if s.at == len(s.text) || strings.IndexByte(of, s.text[s.at]) < 0 {
		return false
	}
	s.at++
	return true
}

// digits passes over digits, and returns how many.
func (s *plainScan) digits() int {
	start := s.at
	for s.at < len(s.text) && '0' <= s.text[s.at] && s.text[s.at] <= '9' {
		s.at++
	}
	return s.at - start
}
