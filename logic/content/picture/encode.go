package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
)

// Qualities of JPEG: of copies, and of an image itself that had to be turned.
const (
	copyQuality = 82
	keptQuality = 92
)

// maxProfile is how long a colour profile may be that copies get, in bytes: what fits into one segment of a JPEG.
const maxProfile = 0xffff - 2 - len("ICC_PROFILE\x00\x01\x01")

// worthTwice is how many times larger than a JPEG a PNG of what has no losses yet may be: text and lines are to stay clear.
const worthTwice = 2

// encoder writes images that were made of one image.
type encoder struct {
	opaque   bool
	lossless bool
	profile  []byte
}

// encoderOf returns the encoder for what is made of an image.
func encoderOf(clean cleaned, decoded image.Image) encoder {
	made := encoder{lossless: clean.lossless}
	if seen, ok := decoded.(interface{ Opaque() bool }); ok {
		made.opaque = seen.Opaque()
	}
	// Where the profile says which kind of colours it is for.
	const spaceAt = 16
	if profile := clean.profile; len(profile) <= maxProfile && len(profile) > spaceAt+4 && string(profile[spaceAt:spaceAt+4]) == "RGB " {
		made.profile = profile
	}
	return made
}

// encode writes an image as JPEG, or as PNG where it lets through what is behind it, or where it had no losses and PNG costs little more.
func (e encoder) encode(canvas *image.RGBA, quality int) (File, error) {
	file := File{MimeType: PNG, Width: canvas.Rect.Dx(), Height: canvas.Rect.Dy()}
	if e.lossless || !e.opaque {
		var out bytes.Buffer
		if err := png.Encode(&out, canvas); err != nil {
			return File{}, err
		}
		if file.Data = e.profilePNG(out.Bytes()); !e.opaque {
			return file, nil
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, canvas, &jpeg.Options{Quality: quality}); err != nil {
		return File{}, err
	}
	if e.lossless && len(file.Data) <= worthTwice*out.Len() {
		return file, nil
	}
	file.MimeType, file.Data = JPEG, e.profileJPEG(out.Bytes())
	return file, nil
}

// profileJPEG puts the colour profile into a JPEG, in front of all else.
func (e encoder) profileJPEG(data []byte) []byte {
	if e.profile == nil {
		return data
	}
	segment := append(append(bytes.Clone(iccHead), 1, 1), e.profile...)
	out := append(make([]byte, 0, len(data)+len(segment)+4), data[:2]...)
	out = append(out, 0xff, jpegApp2)
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	return append(append(out, segment...), data[2:]...)
}

// profilePNG puts the colour profile into a PNG, behind its first chunk.
func (e encoder) profilePNG(data []byte) []byte {
	if e.profile == nil {
		return data
	}
	var packed bytes.Buffer
	packed.WriteString("profile\x00\x00")
	writer := zlib.NewWriter(&packed)
	_, _ = writer.Write(e.profile) // a buffer takes all
	_ = writer.Close()
	const first = len(pngHead) + pngFront + 13 + pngBack
	out := append(make([]byte, 0, len(data)+packed.Len()+pngFront+pngBack), data[:first]...)
	return append(appendChunk(out, "iCCP", packed.Bytes()), data[first:]...)
}
