package deliver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"headwater/logic"
)

// Signature returns what a message that is sent at a moment is signed with, as docs/webhooks.md describes it: the second, and for each
// secret the HMAC-SHA256 of the second, a full stop and the body.
func Signature(secrets []string, at logic.Moment, body string) string {
	second := strconv.FormatInt(at.Time().Unix(), 10)
	signature := "t=" + second
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(second + "." + body))
		signature += ",v1=" + hex.EncodeToString(mac.Sum(nil))
	}
	return signature
}
