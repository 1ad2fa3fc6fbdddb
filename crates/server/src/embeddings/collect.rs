//! From vectors to the one JSON object that they are sent in.

use antiphon_backend::Embeddings;
use antiphon_types::embeddings::{Embedding, EmbeddingList, EmbeddingUsage, EncodingFormat, Vector};

use crate::extra::without;

/// Lists the vectors of a model, written in `format`.
pub(super) fn list(model: String, embeddings: Embeddings, format: &EncodingFormat) -> EmbeddingList {
    let vectors = embeddings.vectors.into_iter().map(|floats| match format {
        EncodingFormat::Base64 => Vector::base64(&floats),
        _ => Vector::Floats(floats),
    });
    let data = (0..).zip(vectors).map(|(index, vector)| Embedding::new(index, vector));
    let mut usage = EmbeddingUsage::new(embeddings.prompt_tokens);
    usage.extra = without(embeddings.usage_extra, &["prompt_tokens", "total_tokens"]);
    let mut list = EmbeddingList::new(model, data, usage);
    list.extra = without(embeddings.extra, &["object", "data", "model", "usage"]);
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_the_backends_own_stand_beside_ours() {
        let fields = |text: &str| serde_json::from_str(text).expect("an object");
        let mut embeddings = Embeddings::new(vec![vec![0.5]], 3);
        embeddings.extra = fields(r#"{"model":"forged","provider":"p"}"#);
        embeddings.usage_extra = fields(r#"{"total_tokens":0,"cost":0.25}"#);
        let list = list("m".to_owned(), embeddings, &EncodingFormat::Float);
        assert_eq!(
            serde_json::to_string(&list).expect("a list serialises"),
            r#"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"model":"m","usage":{"prompt_tokens":3,"total_tokens":3,"cost":0.25},"provider":"p"}"#
        );
    }

    fn check(format: &EncodingFormat, expected: &str) {
        let embeddings = Embeddings::new(vec![vec![0.1, -1.0], vec![0.0, 1e-9]], 3);
        let list = list("m".to_owned(), embeddings, format);
        assert_eq!(serde_json::to_string(&list).expect("a list serialises"), expected);
    }

    #[test]
    fn numbers_are_written_as_short_as_they_are() {
        check(
            &EncodingFormat::Float,
            r#"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-1.0]},{"object":"embedding","index":1,"embedding":[0.0,1e-9]}],"model":"m","usage":{"prompt_tokens":3,"total_tokens":3}}"#,
        );
    }

    #[test]
    fn base64_is_of_four_bytes_a_number_the_lowest_first() {
        check(
            &EncodingFormat::Base64,
            r#"{"object":"list","data":[{"object":"embedding","index":0,"embedding":"zczMPQAAgL8="},{"object":"embedding","index":1,"embedding":"AAAAAF9wiTA="}],"model":"m","usage":{"prompt_tokens":3,"total_tokens":3}}"#,
        );
    }
}
