package transfer

import (
	"bytes"
	"fmt"
)

// Bounds of front matter: no post needs as much, and what decoders do grows faster than what they are given.
const (
	maxMatter     = 64 << 10 // bytes
	maxMatterOpen = 32       // brackets and braces of TOML that are open at once
	maxMatterDots = 16       // dots of a TOML key
)

// bounded returns decode for front matter that keeps to the bounds, which each of checks looks at too.
func bounded(decode func([]byte, any) error, checks ...func([]byte) error) func([]byte, any) error {
	return func(data []byte, into any) error {
		if len(data) > maxMatter {
			return fmt.Errorf("larger than %d KiB", maxMatter>>10)
		}
		for _, check := range checks {
			if err := check(data); err != nil {
				return err
			}
		}
		return decode(data, into)
	}
}

// checkTOML refuses TOML with keys or values that go deeper than any post's, without decoding it. Texts and comments are
// passed over.
func checkTOML(data []byte) error {
	open, dots := 0, 0
	for len(data) > 0 {
		skip := 1
		switch data[0] {
		case '#':
			skip = restOfLine(data)
		case '"', '\'':
			skip = quotedOf(data)
		case '.':
			dots++
		case '[', '{':
			open++
			dots = 0
		case ']', '}':
			open = max(0, open-1)
			dots = 0
		case '=', ',', '\n':
			dots = 0
		}
		if open > maxMatterOpen || dots > maxMatterDots {
			return fmt.Errorf("a value more than %d deep, or a key of more than %d parts", maxMatterOpen, maxMatterDots+1)
		}
		data = data[skip:]
	}
	return nil
}

// restOfLine returns how many bytes there are before the end of the line.
func restOfLine(data []byte) int {
	if end := bytes.IndexByte(data, '\n'); end >= 0 {
		return end
	}
	return len(data)
}

// quotedOf returns the length of the TOML string that data begins with: one in three quotes may have several lines, and one
// in double quotes has escapes. One without an end goes to the end of the line, or of the data. Up to two of its quotes may
// stand right before the three that end a text.
func quotedOf(data []byte) int {
	quote := data[:1]
	long := bytes.HasPrefix(data, bytes.Repeat(quote, 3))
	if long {
		quote = data[:3]
	}
	for i := len(quote); i < len(data); i++ {
		switch {
		case data[i] == '\\' && quote[0] == '"':
			i++
		case bytes.HasPrefix(data[i:], quote):
			end := i + len(quote)
			for range 2 {
				if long && end < len(data) && data[end] == quote[0] {
					end++
				}
			}
			return end
		case data[i] == '\n' && !long:
			return i
		}
	}
	return len(data)
}
