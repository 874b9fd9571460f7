"""Finding things by what people type: names in Chinese or pinyin, codes, pasted coordinates; no store is asked."""
