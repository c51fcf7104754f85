package transfer

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"headwater/logic"
)

// LogLine is one request out of an access log.
type LogLine struct {
	Client    string // the address or host name of whoever asked
	At        logic.Moment
	Method    string // in upper case; empty, with Target, for what is no HTTP request
	Target    string
	Status    int // 0 where the log has none
	Referrer  string
	UserAgent string // "" for none, like Referrer
	Combined  bool   // whether the line has the two fields of the combined format
}

// lineFault says why a line of a log can't be taken; the same text for all lines that are counted together.
type lineFault string

func (f lineFault) Error() string { return string(f) }

// Reasons for which a line of a log is left out.
const (
	faultEmpty     lineFault = "empty"
	faultTooLong   lineFault = "longer than 64 KiB"
	faultComment   lineFault = "a comment"
	faultClient    lineFault = "no client"
	faultTime      lineFault = "no time that can be read"
	faultRequest   lineFault = "no request in quotes"
	faultOpenQuote lineFault = "no closing quote"
	faultStatus    lineFault = "no status"
	faultSize      lineFault = "no size"
	faultAgent     lineFault = "a referrer without a user agent"
	faultCutOff    lineFault = "not finished yet"
	faultRefused   lineFault = "can't be counted"
)

// ParseLogLine reads a line of the common or the combined format, as Apache, nginx and many others write them:
//
//	client identity user [time] "request" status size
//	client identity user [time] "request" status size "referrer" "user agent"
//
// The client may be an IPv4 or IPv6 address, a host name, or a list of addresses, each but the last with a comma, of
// which the first counts. In front may stand the name of a virtual host; behind, further fields. A user's name may have
// blanks. A quote ends a field where a blank or the line's end follows it, and the request where a status does; \" \\ \t
// \n \r and \xHH mean what they do in C. What is not UTF-8 is read as Latin-1. A time without a zone is in zone. The error
// of a line that can't be read says why.
func ParseLogLine(line []byte, zone *time.Location) (LogLine, error) {
	text := strings.TrimSpace(textOf(line))
	switch {
	case text == "":
		return LogLine{}, faultEmpty
	case text[0] == '#':
		return LogLine{}, faultComment
	}
	var parsed LogLine
	head, stamp, rest, ok := cutStamp(text)
	if !ok {
		return LogLine{}, faultTime
	}
	if parsed.Client = clientIn(head); parsed.Client == "" {
		return LogLine{}, faultClient
	}
	if parsed.At, ok = parseStamp(stamp, zone); !ok {
		return LogLine{}, faultTime
	}
	if !strings.HasPrefix(rest, `"`) {
		return LogLine{}, faultRequest
	}
	request, answer, ok := cutQuoted(rest, beforeStatus)
	if !ok {
		if _, _, closed := cutQuoted(rest, anywhere); closed {
			return LogLine{}, faultStatus
		}
		return LogLine{}, faultOpenQuote
	}
	parsed.Method, parsed.Target = cutRequest(request)
	status, answer := cutField(answer)
	parsed.Status, _ = parseStatus(status)
	size, behind := cutField(answer)
	if size != "-" && !isNumber(size) {
		return LogLine{}, faultSize
	}
	return parsed, parsed.readCombined(behind)
}

// readCombined takes the first two quoted fields of what follows the size, where there are any.
func (l *LogLine) readCombined(rest string) error {
	for rest != "" && rest[0] != '"' {
		_, rest = cutField(rest)
	}
	if rest == "" {
		return nil
	}
	referrer, rest, ok := cutQuoted(rest, anywhere)
	if !ok {
		return faultOpenQuote
	}
	if !strings.HasPrefix(rest, `"`) {
		return faultAgent
	}
	agent, _, ok := cutQuoted(rest, anywhere)
	if !ok {
		return faultOpenQuote
	}
	l.Combined = true
	if referrer != "-" {
		l.Referrer = referrer
	}
	if agent != "-" {
		l.UserAgent = agent
	}
	return nil
}

// cutStamp splits a line into what stands before the time, the time, and what follows it. A time stands in brackets, or,
// as some write it, just before the request.
func cutStamp(text string) (head, stamp, rest string, ok bool) {
	from := 0
	if text[0] == '[' { // an IPv6 address
		from = strings.IndexByte(text, ']') + 1
	}
	quote := strings.IndexByte(text, '"')
	if quote < 0 {
		quote = len(text)
	}
	if open := strings.IndexByte(text[from:], '['); open >= 0 && from+open < quote {
		head, stamp, ok = strings.Cut(text[from+open+1:], "]")
		return text[:from+open], head, strings.TrimLeft(stamp, " \t"), ok
	}
	fields := strings.Fields(text[:quote])
	if len(fields) < 4 {
		return "", "", "", false
	}
	return strings.Join(fields[:3], " "), strings.Join(fields[3:], " "), text[quote:], true
}

// clientIn returns the client out of what stands before the time.
func clientIn(head string) string {
	fields := strings.Fields(head)
	if len(fields) == 0 {
		return ""
	}
	if len(fields) > 1 && !strings.HasSuffix(fields[0], ",") && isAddress(fields[1]) && !isAddress(fields[0]) {
		fields = fields[1:] // a virtual host
	}
	client := strings.Trim(strings.TrimSuffix(fields[0], ","), "[]")
	if client == "-" {
		return ""
	}
	return client
}

func isAddress(field string) bool {
	_, err := netip.ParseAddr(strings.Trim(strings.TrimSuffix(field, ","), "[]"))
	return err == nil
}

// cutQuoted takes a quoted field off the front of text, which begins with the quote. Ends tells, from what follows, whether a
// quote with a blank or nothing behind it ends the field: old servers did not escape quotes.
func cutQuoted(text string, ends func(rest string) bool) (field, rest string, ok bool) {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '"' && (i+1 == len(text) || text[i+1] == ' ' || text[i+1] == '\t'):
			if rest := strings.TrimLeft(text[i+1:], " \t"); ends(rest) {
				return unescape(text[1:i]), rest, true
			}
		}
	}
	return "", "", false
}

func anywhere(string) bool { return true }

func beforeStatus(rest string) bool {
	field, _ := cutField(rest)
	_, ok := parseStatus(field)
	return ok
}

func cutField(text string) (field, rest string) {
	if end := strings.IndexAny(text, " \t"); end >= 0 {
		return text[:end], strings.TrimLeft(text[end:], " \t")
	}
	return text, ""
}

// cutRequest splits a request line into method and target, both empty where it is none. The version may be missing, as it
// was in HTTP/0.9; a target may have blanks.
func cutRequest(request string) (method, target string) {
	method, target, ok := strings.Cut(strings.TrimSpace(request), " ")
	if !ok || method == "" || strings.Trim(strings.ToUpper(method), "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != "" {
		return "", ""
	}
	target = strings.TrimSpace(target)
	if i := strings.LastIndexByte(target, ' '); i >= 0 {
		if !strings.HasPrefix(strings.ToUpper(target[i+1:]), "HTTP/") {
			return "", ""
		}
		target = strings.TrimSpace(target[:i])
	}
	return strings.ToUpper(method), target
}

func parseStatus(text string) (int, bool) {
	if text == "-" {
		return 0, true
	}
	if len(text) != 3 || !isNumber(text) {
		return 0, false
	}
	status, err := strconv.Atoi(text)
	return status, err == nil
}

func isNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// unescape undoes the escapes of Apache and nginx.
func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var out bytes.Buffer
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			out.WriteByte(text[i])
			continue
		}
		i++
		switch text[i] {
		case 't':
			out.WriteByte('\t')
		case 'n':
			out.WriteByte('\n')
		case 'r':
			out.WriteByte('\r')
		case 'x':
			if b, err := strconv.ParseUint(text[i+1:min(i+3, len(text))], 16, 8); err == nil && i+3 <= len(text) {
				out.WriteByte(byte(b))
				i += 2
				continue
			}
			out.WriteString(`\x`)
		default:
			out.WriteByte(text[i])
		}
	}
	return textOf(out.Bytes())
}

// textOf returns bytes as UTF-8: what is none is read as Latin-1.
func textOf(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	var text strings.Builder
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			r = rune(data[0])
		}
		text.WriteRune(r)
		data = data[size:]
	}
	return text.String()
}
