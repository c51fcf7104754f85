package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// pngHead begins every PNG.
const pngHead = "\x89PNG\r\n\x1a\n"

// Sizes of what a chunk of a PNG has around its data: length and name in front, a checksum behind.
const (
	pngFront = 8
	pngBack  = 4
)

// pngKept are the chunks that are needed to show an image.
var pngKept = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true,
	"gAMA": true, "cHRM": true, "sRGB": true, "iCCP": true, "cICP": true, "mDCV": true, "cLLI": true, "sBIT": true, "bKGD": true, "pHYs": true,
	"acTL": true, "fcTL": true, "fdAT": true,
}

// cleanPNG keeps of a PNG what is needed to show it.
func cleanPNG(data []byte) (cleaned, error) {
	clean := cleaned{mimeType: PNG, lossless: true}
	out := bytes.NewBuffer(make([]byte, 0, len(data)))
	out.WriteString(pngHead)
	for rest := data[len(pngHead):]; ; {
		if len(rest) < pngFront {
			return clean, io.ErrUnexpectedEOF
		}
		size, name := int(binary.BigEndian.Uint32(rest)), string(rest[4:pngFront])
		chunk, behind, err := take(rest, pngFront+size+pngBack)
		if err != nil {
			return clean, err
		}
		said := chunk[pngFront : pngFront+size]
		switch name {
		case "eXIf":
			clean.orientation = orientationOf(said)
		case "iCCP":
			clean.profile = inflatedProfile(said)
		case "acTL":
			clean.animated = true
		}
		if pngKept[name] {
			out.Write(chunk)
		}
		if name == "IEND" {
			clean.data = out.Bytes()
			return clean, nil
		}
		rest = behind
	}
}

// inflatedProfile returns the colour profile in a chunk of a PNG, nil where it can't be read or is no short one.
func inflatedProfile(chunk []byte) []byte {
	_, packed, named := bytes.Cut(chunk, []byte{0})
	if !named || len(packed) < 1 {
		return nil
	}
	reader, err := zlib.NewReader(bytes.NewReader(packed[1:]))
	if err != nil {
		return nil
	}
	profile, err := io.ReadAll(io.LimitReader(reader, int64(maxProfile)+1))
	if err != nil || len(profile) > maxProfile {
		return nil
	}
	return profile
}

// appendChunk adds a chunk of a PNG.
func appendChunk(data []byte, name string, said []byte) []byte {
	data = binary.BigEndian.AppendUint32(data, uint32(len(said)))
	start := len(data)
	data = append(append(data, name...), said...)
	return binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(data[start:]))
}
