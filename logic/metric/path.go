package metric

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"headwater/logic"
)

// cleanPath returns the path of an address within the site as it counts: without query and fragment, and canonical.
func cleanPath(path string) (string, *logic.Error) {
	if cut := strings.IndexAny(path, "?#"); cut >= 0 {
		path = path[:cut]
	}
	switch {
	case !strings.HasPrefix(path, "/"):
		return "", logic.Invalid(`A path begins with "/".`)
	case strings.ContainsFunc(path, isOdd):
		return "", logic.Invalid("A path has no control characters.")
	}
	path = CanonicalPath(path)
	if utf8.RuneCountInString(path) > maxPath {
		return "", tooLong("A path", maxPath)
	}
	return path, nil
}

// plainLetters stand in a canonical path as they are, and need no escape in any other.
const plainLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"

// CanonicalPath returns the one form of a path, or of a part of one, that it counts under, whoever tells it: a log, a browser
// or a post's address. Several slashes in a row are one. Escapes of letters, digits and -._~ are undone, and those of UTF-8
// beyond ASCII; all others stand as %HH with capital digits, as do blanks, control characters, bytes that are no UTF-8, a
// percent sign that begins no escape, and "<>\^{|} with the backquote. A canonical path stays as it is.
func CanonicalPath(path string) string {
	if !strings.Contains(path, "//") && strings.Trim(path, plainLetters+"/") == "" {
		return path
	}
	decoded := decodePath(path)
	var clean strings.Builder
	for i := 0; i < len(decoded); {
		letter, size := utf8.DecodeRuneInString(decoded[i:])
		if letter == utf8.RuneError && size == 1 || !unicode.IsGraphic(letter) || unicode.IsSpace(letter) || strings.ContainsRune(`"<>\^{|}`+"`", letter) {
			for _, b := range []byte(decoded[i : i+size]) {
				fmt.Fprintf(&clean, "%%%02X", b)
			}
		} else {
			clean.WriteRune(letter)
		}
		i += size
	}
	return clean.String()
}

// decodePath undoes the escapes that a canonical path does without, gives the others capitals, and joins slashes.
func decodePath(path string) string {
	var out strings.Builder
	for i := 0; i < len(path); i++ {
		switch b := path[i]; {
		case b == '/' && i > 0 && path[i-1] == '/':
		case b != '%':
			out.WriteByte(b)
		case i+2 >= len(path) || !isHex(path[i+1]) || !isHex(path[i+2]):
			out.WriteString("%25")
		default:
			if escaped := unhex(path[i+1])<<4 | unhex(path[i+2]); escaped > 127 || strings.IndexByte(plainLetters, escaped) >= 0 {
				out.WriteByte(escaped)
			} else {
				fmt.Fprintf(&out, "%%%02X", escaped)
			}
			i += 2
		}
	}
	return out.String()
}

func isHex(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'f'
}

func unhex(b byte) byte {
	if b <= '9' {
		return b - '0'
	}
	return b | 0x20 - 'a' + 10
}

// path returns the path of a post on the site, "/" where its address has none.
func (site Site) path(slug string) string {
	address, err := url.Parse(logic.PostAddress(site.PostURL, slug))
	if err != nil || !strings.HasPrefix(address.EscapedPath(), "/") {
		return "/"
	}
	return CanonicalPath(address.EscapedPath())
}
