//! Styles, scripts, icons and fonts. Their addresses change with their content, so browsers keep them for ever.

use super::App;
use super::caller::Anyone;
use super::error::PageError;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use http::header;

pub(super) async fn file(
    State(_): State<App>,
    _: Anyone,
    Path(file): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let asset = ui::assets::get(&file).ok_or(PageError::NotFound)?;
    let headers = [(header::CONTENT_TYPE, asset.content_type), (header::CACHE_CONTROL, ui::assets::CACHE_CONTROL)];
    Ok((headers, asset.bytes.clone()))
}
