package logic

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"strings"
)

// TokenKind is what a token begins with, so that whoever finds one knows what it is.
type TokenKind string

// The kinds of tokens.
const (
	TokenSession TokenKind = "hw_session_"
	TokenConfirm TokenKind = "hw_confirm_" // of an email
	TokenReset   TokenKind = "hw_reset_"   // of a password
	TokenInvite  TokenKind = "hw_invite_"  // to choose the first password
	TokenPreview TokenKind = "hw_preview_" // of a post that is not published
	TokenPublic  TokenKind = "hw_pub_"     // a publishable key
	TokenSecret  TokenKind = "hw_secret_"  // a secret key
	TokenWebhook TokenKind = "hw_webhook_" // what a webhook's messages are signed by
)

// TokenHash is all that is kept of a token: its SHA-256.
type TokenHash [sha256.Size]byte

// tokenLike is what looks like a token of some kind, or like the beginning of one.
var tokenLike = regexp.MustCompile(`(?i)(hw_(?:session|confirm|reset|invite|preview|pub|secret|webhook)_)[a-z0-9]+`)

// WithoutTokens returns a text that strangers wrote as it may stand in the log: of whatever looks like a token, its kind alone is left.
func WithoutTokens(text string) string {
	if !strings.Contains(text, "_") { // as in nearly every text
		return text
	}
	return tokenLike.ReplaceAllString(text, "${1}…")
}

// tokenBytes is how much chance is in a token: 256 bits.
const tokenBytes = 32

var tokenText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewToken returns a new token of a kind, which is shown once, and what is kept of it.
func NewToken(kind TokenKind) (string, TokenHash) {
	chance := make([]byte, tokenBytes)
	rand.Read(chance) // never fails
	token := string(kind) + tokenText.EncodeToString(chance)
	return token, HashToken(token)
}

// HashToken returns what is kept of a token. Chance of 256 bits needs no salt and no slow hash.
func HashToken(token string) TokenHash { return sha256.Sum256([]byte(token)) }

// Is tells whether a token is of the kind and as long as one, which says nothing of whether it was ever given out.
func (k TokenKind) Is(token string) bool {
	rest, ok := strings.CutPrefix(token, string(k))
	return ok && len(rest) == tokenText.EncodedLen(tokenBytes)
}
